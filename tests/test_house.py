"""Who may import whom: the house of docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("programmes", "wegweiser", "desk", "bot", "actions")
DOORS = ("desk", "desk.archive", "desk.mailbox", "desk.requests", "desk.satisfaction")
MAY_IMPORT = {
    "programmes": (),
    "wegweiser": ("programmes",),
    "desk": ("programmes", "wegweiser"),
    "bot": ("programmes", "wegweiser", *DOORS),
    "actions": ("programmes", "wegweiser", *DOORS),
}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module


def allowed(package: str, module: str) -> bool:
    home = module.partition(".")[0]
    if home not in OURS or home == package:
        return True
    if home == "desk" and package in ("bot", "actions"):
        return module in DOORS or module.startswith("desk.mailbox.")
    return home in MAY_IMPORT[package]


@pytest.mark.parametrize("package", OURS)
def test_a_package_imports_only_what_the_design_allows(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for line, module in imports(path)
        if not allowed(package, module)
    ]
    assert not wrong, "\n".join(wrong)


NATIVE = {"onnxruntime", "sentencepiece"}
"""Code that could crash the process: one module calls it, and guards what goes in."""


def test_only_the_encoder_calls_native_code() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for package in OURS
        for path in (ROOT / package).rglob("*.py")
        for _, module in imports(path)
        if module.partition(".")[0] in NATIVE
    }
    assert found == {"bot/nlu/encoder.py"}


WRITTEN_BY_US = sorted(
    path
    for package in OURS
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts  # written by Django
)


@pytest.mark.parametrize("path", WRITTEN_BY_US, ids=str)
def test_a_file_is_of_one_subject_and_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 280, "divide it by subject"
