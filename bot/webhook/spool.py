"""On SQLite: a small file of our own, from which updates move to the bot's database at once.

SQLite has one writer. A busy bot holds its lock for a tenth of a second at a time, for it writes
many rows in a transaction and shares one processor with everything it computes. So an update is
stored, and acknowledged, in a file that nobody else writes; a thread moves it on as soon as the
lock is free. To the bot a move that was cut off is like an update that Telegram brings twice.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.webhook.sqlite import WAIT_S, SqliteTable
from bot.webhook.update import Row

logger = logging.getLogger(__name__)

MOVED_TOGETHER = 200
AGAIN_AFTER_S = 0.5
REST_S = 0.01
"""Between two moves, so that in a flood many move together."""
END_WITHIN_S = 5.0
TABLE = """
CREATE TABLE IF NOT EXISTS spool (
    number INTEGER PRIMARY KEY, update_id INTEGER NOT NULL, address_hash TEXT, body TEXT)
"""
FIRST = "SELECT number, update_id, address_hash, body FROM spool ORDER BY number LIMIT ?"


def spool_of(path: str) -> Path:
    """Beside the database: ``wegweiser.db`` has ``wegweiser.db.updates``."""
    return Path(f"{path}.updates")


class Spool:
    """A table (``bot.webhook.table``) in two steps: stored and acknowledged, then moved on."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._asked = threading.Event()
        self._ends = threading.Event()
        self._fault = ""
        self._stored: Callable[[], None] = lambda: None
        self._mover: threading.Thread | None = None

    def start(self, stored: Callable[[], None]) -> None:
        self._stored = stored
        self._asked.set()  # what a predecessor left
        self._mover = threading.Thread(target=self._move_when_asked, name="mover", daemon=True)
        self._mover.start()

    def write(self, rows: Sequence[Row]) -> None:
        values = [(row.update_id, row.address_hash, row.body) for row in rows]
        try:
            if self._connection is None:
                self._connection = _opened(self._path)
                # Acknowledged is on the disk; and the mover, whom nobody waits for, tidies up.
                self._connection.execute("PRAGMA synchronous=FULL")
                self._connection.execute("PRAGMA wal_autocheckpoint=0")
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                "INSERT INTO spool (update_id, address_hash, body) VALUES (?, ?, ?)", values
            )
            self._connection.execute("COMMIT")
        except BaseException:
            self._let_go()  # and with it what was begun
            raise
        self._asked.set()

    def look(self) -> None:
        SqliteTable(self._path).look()
        if self._fault:
            raise sqlite3.OperationalError(self._fault)

    def close(self) -> None:
        """Move what can be moved; what can't is moved after the next start."""
        self._ends.set()
        self._asked.set()
        if self._mover is not None:
            self._mover.join(END_WITHIN_S)
        self._let_go()

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _move_when_asked(self) -> None:
        mover = Mover(self._path)
        while True:
            self._asked.wait()
            self._asked.clear()
            is_last = self._ends.is_set()
            try:
                if mover.move():
                    self._stored()
                self._fault = ""
            except Exception as error:  # noqa: BLE001 - outermost edge: it is tried again
                if not self._fault:
                    logger.error("updates.wait error=%s", type(error).__name__)
                self._fault = (str(error) or type(error).__name__)[:60]
                self._ends.wait(AGAIN_AFTER_S)
                self._asked.set()
            if is_last:
                return mover.close()
            self._ends.wait(REST_S)


class Mover:
    """Moves all that lies in the spool of a database to where the bot reads it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._table = SqliteTable(path)
        self._spool: sqlite3.Connection | None = None

    def move(self) -> int:
        """How many; nothing to do without a spool. It is on the disk there before it is gone here.

        Raises what SQLite raises; what was not moved then waits.
        """
        if self._spool is None:
            if not spool_of(self._path).exists():
                return 0
            self._spool = _opened(self._path)
        count = 0
        try:
            while rows := self._spool.execute(FIRST, [MOVED_TOGETHER]).fetchall():
                self._table.write([Row(*row[1:]) for row in rows])
                # One statement, so the lock is held for as long as it takes and no longer.
                self._spool.execute("DELETE FROM spool WHERE number <= ?", [rows[-1][0]])
                count += len(rows)
        except BaseException:
            self.close()
            raise
        return count

    def close(self) -> None:
        self._table.close()
        if self._spool is not None:
            self._spool.close()
            self._spool = None


def _opened(path: str) -> sqlite3.Connection:
    if not Path(path).exists():
        raise sqlite3.OperationalError("unable to open database file")
    connection = sqlite3.connect(
        spool_of(path), timeout=WAIT_S, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(TABLE)
    return connection
