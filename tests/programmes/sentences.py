"""Reads the cases: households as sentences, with what must come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

CASES = Path(__file__).parent / "cases"
WORDS = ("verdict", "state", "missing", "never")


@dataclass(frozen=True)
class Case:
    """One household on one day, and what is expected of each programme named."""

    file: str
    name: str
    on: date
    facts: dict[str, Any]
    expect: dict[str, dict[str, Any]]


def all_cases() -> Iterator[Case]:
    """Every case of every file."""
    for path in sorted(CASES.glob("*.yml")):
        sheet = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        for entry in sheet["cases"]:
            unknown = set(entry) - {"name", "on", "facts", "without", "expect"}
            assert not unknown, f"{path.name}: {entry['name']}: no such key {unknown}"
            facts = {**sheet["given"], **entry["facts"]}
            for name in entry.get("without", ()):
                del facts[name]
            expect = {
                programme: wanted if isinstance(wanted, dict) else {"verdict": wanted}
                for programme, wanted in entry["expect"].items()
            }
            yield Case(path.name, entry["name"], entry.get("on", sheet["on"]), facts, expect)


def differences(case: Case, found: dict[str, dict[str, Any]]) -> list[str]:
    """In words, how the answer differs from what the case expects."""
    wrong = []
    for programme, wanted in case.expect.items():
        entry = found[programme]
        for word in ("verdict", "state", "missing"):
            if word in wanted and entry[word] != wanted[word]:
                wrong.append(f"{programme} {word}: {entry[word]!r}, expected {wanted[word]!r}")
        paid = {benefit["kind"]: _shown(benefit) for benefit in entry.get("benefits", ())}
        for kind in wanted.get("never", ()):
            if kind in paid:
                wrong.append(f"{programme} {kind}: {paid[kind]}, expected none")
        for kind in set(wanted) - set(WORDS):
            if paid.get(kind) != wanted[kind]:
                wrong.append(f"{programme} {kind}: {paid.get(kind)}, expected {wanted[kind]}")
    return wrong


def _shown(benefit: dict[str, Any]) -> str:
    if benefit["up_to"] is None:
        return "in kind"
    each = " a person" if benefit["for"] == "person" else ""
    return f"{benefit['up_to']['amount']} {benefit['up_to']['currency']}{each}"
