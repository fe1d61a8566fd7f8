"""A broken file never takes the programmes away."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from programmes import Catalogue, CatalogueError
from wegweiser import rulebase


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    copy = tmp_path / "programmes"
    shutil.copytree(rulebase.FOLDER, copy)
    monkeypatch.setattr(rulebase, "LOOK_EVERY_S", 0.0)
    yield copy
    rulebase._kept.pop(copy, None)


def write(path: Path, text: str, later_ns: int) -> None:
    path.write_text(text, "utf-8")
    os.utime(path, ns=(later_ns, later_ns))


def test_the_last_good_version_stays_and_the_mistake_is_told(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good, version = rulebase.catalogue(folder), rulebase.version(folder)
    assert rulebase.problem(folder) == ""
    path = folder / "ch" / "raz.yml"
    original, changed = path.read_text("utf-8"), path.stat().st_mtime_ns

    with caplog.at_level(logging.ERROR):
        write(path, original.replace("host_country: CH", "host_country: XX"), changed + 10**9)
        assert rulebase.catalogue(folder) is good
    assert "raz.yml" in rulebase.problem(folder)
    assert "rules.broken kept=last_good" in caplog.text
    assert rulebase.version(folder) == version

    write(path, original, changed + 2 * 10**9)
    assert rulebase.catalogue(folder) is not good
    assert rulebase.problem(folder) == ""
    assert rulebase.version(folder) == version + 1


def test_broken_from_the_start_there_is_nothing_to_keep(folder: Path) -> None:
    (folder / "ch" / "raz.yml").write_text("id: [", "utf-8")
    with pytest.raises(CatalogueError, match=r"raz\.yml"):
        rulebase.catalogue(folder)
    assert "raz.yml" in rulebase.problem(folder)


def test_many_that_ask_at_once_read_it_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rulebase, "LOOK_EVERY_S", 60.0)
    real, reads = rulebase.load, []
    together = threading.Barrier(8)

    def load(path: Path) -> Catalogue:
        reads.append(path)
        return real(path)

    def ask(_: int) -> Catalogue:
        together.wait(20)
        return rulebase.catalogue(folder)

    monkeypatch.setattr(rulebase, "load", load)
    with ThreadPoolExecutor(8) as people:
        found = list(people.map(ask, range(8)))
    assert reads == [folder]
    assert all(one is found[0] for one in found)
