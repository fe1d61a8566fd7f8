"""One transaction at a time, and whatever arrived meanwhile in the next; the truth to each."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from bot.webhook import spool, sqlite
from bot.webhook.commit import MOST, GroupCommit
from bot.webhook.spool import Mover, Spool, spool_of
from bot.webhook.sqlite import SqliteTable
from bot.webhook.update import Row


class SlowTable:
    """Writes when it is told to."""

    def __init__(self) -> None:
        self.written: list[int] = []
        self.goes_on = threading.Event()
        self.fails = False

    def start(self, stored: Callable[[], None]) -> None: ...

    def write(self, rows: Sequence[Row]) -> None:
        assert self.goes_on.wait(20)
        if self.fails:
            raise sqlite3.OperationalError("database or disk is full")
        self.written.append(len(rows))

    def look(self) -> None: ...

    def close(self) -> None: ...


def row(number: int) -> Row:
    return Row(number, "", "x")


@pytest.fixture
async def slow() -> AsyncIterator[tuple[SlowTable, GroupCommit]]:
    table = SlowTable()
    commit = GroupCommit(table)
    yield table, commit
    table.goes_on.set()
    await commit.close()


async def test_what_arrives_while_one_is_written_goes_into_the_next_together(
    slow: tuple[SlowTable, GroupCommit],
) -> None:
    table, commit = slow
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


async def test_each_is_told_that_it_was_not_stored(
    slow: tuple[SlowTable, GroupCommit],
) -> None:
    table, commit = slow
    table.fails = True
    table.goes_on.set()
    both = asyncio.gather(commit.store(row(1)), commit.store(row(2)), return_exceptions=True)
    assert [type(one) for one in await both] == [sqlite3.OperationalError] * 2
    assert await commit.fault() == "database or disk is full"
    table.fails = False
    await commit.store(row(1))
    assert await commit.fault() == ""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "updates.db") as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute(
            "CREATE TABLE desk_unreadupdate (update_id bigint PRIMARY KEY, address_hash, body)"
        )
    return tmp_path / "updates.db"


async def test_a_spool_that_is_locked_is_waited_for_and_then_refuses(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "WAIT_S", 0.2)
    commit = GroupCommit(Spool(str(path)))
    await commit.store(row(1))
    await commit.close()
    commit = GroupCommit(Spool(str(path)))
    other = sqlite3.connect(spool_of(str(path)), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        await commit.store(row(2))
    assert "locked" in await commit.fault()
    other.execute("COMMIT")
    await commit.store(row(3))
    await commit.close()
    assert other.execute("SELECT update_id FROM spool").fetchall() == [(1,), (3,)]


def test_the_bots_table_is_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "WAIT_S", 0.1)
    other = sqlite3.connect(path, isolation_level=None)
    table = Spool(str(path))
    table.write([row(1), row(1), row(2)])
    other.execute("BEGIN IMMEDIATE")
    mover = Mover(str(path))
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        mover.move()
    other.execute("COMMIT")
    assert (mover.move(), mover.move()) == (3, 0)
    mover.close()
    table.close()
    assert other.execute("SELECT update_id FROM desk_unreadupdate").fetchall() == [(1,), (2,)]


def test_what_is_acknowledged_is_on_the_disk_and_so_is_where_it_is_moved_to(path: Path) -> None:
    table = Spool(str(path))
    table.write([row(1)])
    full = 2
    for connection in (table._connection, SqliteTable(str(path))._connected()):
        assert connection is not None
        assert connection.execute("PRAGMA synchronous").fetchone() == (full,)
    table.close()
