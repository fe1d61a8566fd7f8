"""The journal: what had surely not begun to go out when a process died."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bot.channels.lease import HOST, is_dead_here, process_name
from bot.channels.telegram_journal import Journal, reader


def test_it_tells_begun_from_not_begun(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.begins("7:1:0")
    had_begun = reader(tmp_path)
    assert had_begun(f"{process_name()}:3", 7, 1, 0)
    assert not had_begun(f"{process_name()}:3", 7, 1, 1)
    assert not had_begun(f"{process_name()}:3", 7, 2, 0)
    assert not had_begun(f"{process_name()}:3", 8, 1, 0)


@pytest.mark.parametrize("owner", ["elsewhere:1:1", f"{HOST}:999999:1", f"{HOST}:x:1", "", ":::"])
def test_what_it_cannot_tell_counts_as_begun(tmp_path: Path, owner: str) -> None:
    Journal(tmp_path)
    assert reader(tmp_path)(owner, 7, 1, 0)


def test_an_orderly_end_leaves_no_file(tmp_path: Path) -> None:
    Journal(tmp_path).close()
    assert not list(tmp_path.iterdir())


def test_it_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram_journal.MAX_BYTES", 100)
    journal = Journal(tmp_path)
    for number in range(100):
        journal.begins(f"{number}:1:0")
        journal.nothing_is_sent()
    (path,) = tmp_path.iterdir()
    assert path.stat().st_size <= 120


def test_who_is_dead() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    assert is_dead_here(f"{HOST}:{child}:1")
    assert is_dead_here(f"{HOST}:{os.getpid()}:1"), "a predecessor's: we have claimed nothing yet"
    assert not is_dead_here(f"{HOST}:{os.getppid()}:1")
    assert not is_dead_here(f"elsewhere:{child}:1")
    assert not is_dead_here("")


def test_files_of_the_long_dead_do_not_pile_up(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    old, fresh, alive = (
        tmp_path / f"{HOST}-boot{number}-{pid}"
        for number, pid in ((1, dead.pid), (2, dead.pid), (1, os.getppid()))
    )
    for path in (old, fresh, alive):
        path.touch()
    for path in (old, alive):
        os.utime(path, (0, 0))
    Journal(tmp_path).close()
    assert set(tmp_path.iterdir()) == {fresh, alive}


def test_a_file_that_another_process_sweeps_meanwhile_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / f"{HOST}-boot-1"
    monkeypatch.setattr(Path, "glob", lambda *_: iter([gone]))
    Journal(tmp_path).close()
