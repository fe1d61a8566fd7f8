"""The kept finder finds the same, and a broken file is no obstacle."""

from __future__ import annotations

from pathlib import Path

from bot.nlu.finding import NameFinder
from bot.nlu.names_cache import kept_finder

TEXT = "Ich komme aus Georgien und habe eine Duldung"


def test_it_is_built_once_kept_and_rebuilt_when_broken(tmp_path: Path, finder: NameFinder) -> None:
    expected = finder.find(TEXT, "de")
    assert kept_finder(tmp_path).find(TEXT, "de") == expected
    (kept,) = tmp_path.glob("*.pickle")
    before = kept.read_bytes()
    assert kept_finder(tmp_path).find(TEXT, "de") == expected
    kept.write_bytes(before[:1000])
    assert kept_finder(tmp_path).find(TEXT, "de") == expected
    assert kept.stat().st_size > 1000
