"""One transaction at a time, and whatever arrived meanwhile in the next; the truth to each."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.webhook import table as tables
from bot.webhook.commit import MOST, GroupCommit
from bot.webhook.table import SqliteTable
from bot.webhook.update import Row


class SlowTable:
    """Writes when it is told to."""

    def __init__(self) -> None:
        self.written: list[int] = []
        self.goes_on = threading.Event()
        self.fails = False

    def write(self, rows: Sequence[Row]) -> None:
        assert self.goes_on.wait(20)
        if self.fails:
            raise sqlite3.OperationalError("database or disk is full")
        self.written.append(len(rows))

    def look(self) -> None: ...

    def close(self) -> None: ...


class Told:
    """How often somebody is told of a commit."""

    times = 0

    def __call__(self) -> None:
        self.times += 1


def row(number: int) -> Row:
    return Row(number, "", "x")


@pytest.fixture
async def slow() -> AsyncIterator[tuple[SlowTable, GroupCommit, Told]]:
    table, told = SlowTable(), Told()
    commit = GroupCommit(table, told)
    yield table, commit, told
    table.goes_on.set()
    await commit.close()


async def test_what_arrives_while_one_is_written_goes_into_the_next_together(
    slow: tuple[SlowTable, GroupCommit, Told],
) -> None:
    table, commit, told = slow
    tasks = [asyncio.create_task(commit.store(row(0)))]
    await asyncio.sleep(0)  # it has begun
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(commit.store(row(n))) for n in range(1, 40)]
    tasks += [asyncio.create_task(commit.store(row(n))) for n in range(40, 40 + MOST)]
    for _ in range(3):
        await asyncio.sleep(0)
    assert not any(task.done() for task in tasks), "acknowledged before it was committed"
    table.goes_on.set()
    await asyncio.gather(*tasks)
    assert table.written == [1, MOST, 39]
    assert told.times == 3


async def test_each_is_told_that_it_was_not_stored(
    slow: tuple[SlowTable, GroupCommit, Told],
) -> None:
    table, commit, told = slow
    table.fails = True
    table.goes_on.set()
    both = asyncio.gather(commit.store(row(1)), commit.store(row(2)), return_exceptions=True)
    assert [type(one) for one in await both] == [sqlite3.OperationalError] * 2
    assert (told.times, await commit.fault()) == (0, "database or disk is full")
    table.fails = False
    await commit.store(row(1))
    assert (told.times, await commit.fault()) == (1, "")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "updates.db") as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute(
            "CREATE TABLE desk_unreadupdate (update_id bigint PRIMARY KEY, address_hash, body)"
        )
    return tmp_path / "updates.db"


async def test_a_locked_database_is_waited_for_and_then_refuses(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "WAIT_S", 0.2)
    commit = GroupCommit(SqliteTable(str(path)), lambda: None)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        await commit.store(row(1))
    assert "locked" in await commit.fault()
    monkeypatch.setattr(tables, "WAIT_S", 20.0)
    waits = asyncio.create_task(commit.store(row(2)))
    done, _ = await asyncio.wait([waits], timeout=0.05)
    assert not done, "acknowledged while somebody else writes"
    other.execute("COMMIT")
    await waits
    await commit.close()
    assert other.execute("SELECT update_id FROM desk_unreadupdate").fetchall() == [(2,)]


def test_what_is_stored_is_on_the_disk_before_it_is_acknowledged(path: Path) -> None:
    table = SqliteTable(str(path))
    full = 2
    assert table._connected().execute("PRAGMA synchronous").fetchone() == (full,)
    table.close()
