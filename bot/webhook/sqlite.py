"""The table of unread updates in SQLite, as ``desk.models.UnreadUpdate`` has it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from urllib.parse import quote

from bot.webhook.update import Row

WAIT_S = 10.0
"""For the database, before Telegram is told to come again; it waits for 60."""
TRY_EVERY_S = 0.001
COLUMNS = "INSERT INTO desk_unreadupdate (update_id, address_hash, body)"
ONCE = "ON CONFLICT (update_id) DO NOTHING"
LOOK = "SELECT 1 FROM desk_unreadupdate LIMIT 1"


class SqliteTable:
    """SQLite has one writer. Its own way of waiting sleeps longer and longer, up to 100 ms, and
    whoever is busy always comes first; so here the lock is asked for each millisecond."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def write(self, rows: Sequence[Row]) -> None:
        values = [(row.update_id, row.address_hash, row.body) for row in rows]
        connection = self._connected()
        try:
            self._begin(connection)
            connection.executemany(f"{COLUMNS} VALUES (?, ?, ?) {ONCE}", values)
            connection.execute("COMMIT")
        except BaseException:
            self.close()  # and with it what was begun
            raise

    def look(self) -> None:
        self._connected().execute(LOOK).fetchall()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            # "rw": a file that is not there must not be made, empty.
            address = f"file:{quote(self._path)}?mode=rw"
            self._connection = sqlite3.connect(
                address, uri=True, timeout=0, isolation_level=None, check_same_thread=False
            )
            # Other processes write with NORMAL, and after a power cut do their last work again.
            # What was acknowledged here is never brought again: it is on the disk before.
            self._connection.execute("PRAGMA synchronous=FULL")
        return self._connection

    def _begin(self, connection: sqlite3.Connection) -> None:
        deadline = time.monotonic() + WAIT_S
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(TRY_EVERY_S)
            else:
                return
