"""`make encoder` builds when it must, and only then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.nlu import build
from bot.nlu.encoder import OnnxEncoder


@pytest.fixture
def built(tmp_path: Path) -> tuple[Path, Path]:
    """A folder with a tiny "encoder", and the lock file that expects it."""
    folder = tmp_path / "encoder"
    folder.mkdir()
    (folder / "encoder.onnx").write_bytes(b"model")
    outputs = {"encoder.onnx": "9372c470eeadd5ecd9c3c74c2b3cb633f8e2f2fad799250a0f70d652b6b825e4"}
    (folder / "manifest.json").write_text(
        json.dumps({"outputs": outputs, "sizes": {"encoder.onnx": 5}})
    )
    lock = tmp_path / "lock.json"
    lock.write_text(json.dumps({"outputs": outputs}))
    return folder, lock


def test_what_is_built_is_current(built: tuple[Path, Path]) -> None:
    assert build.is_current(*built)


def test_nothing_is_not_current(built: tuple[Path, Path], tmp_path: Path) -> None:
    assert not build.is_current(tmp_path / "nowhere", built[1])


@pytest.mark.parametrize("broken", ["shorter", "gone", "another recipe", "no manifest"])
def test_half_an_encoder_is_not_current(built: tuple[Path, Path], broken: str) -> None:
    folder, lock = built
    if broken == "shorter":
        (folder / "encoder.onnx").write_bytes(b"mod")
    elif broken == "gone":
        (folder / "encoder.onnx").unlink()
    elif broken == "another recipe":
        lock.write_text(json.dumps({"outputs": {"encoder.onnx": "0" * 64}}))
    else:
        (folder / "manifest.json").write_text("{")
    assert not build.is_current(folder, lock)


def test_the_real_encoder_has_the_recorded_hashes(encoder: OnnxEncoder) -> None:
    assert build.is_current()
    assert build.has_expected_hashes()
