"""The table of unread updates, written with the database's own driver.

Django's connection would cost this process more memory than everything else in it. The table is
``desk.models.UnreadUpdate``; a test stores with this and reads with that.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

import dj_database_url

from bot.webhook.update import Row

if TYPE_CHECKING:
    import psycopg

WAIT_S = 10.0
"""For the database, before Telegram is told to come again; it waits for 60."""
TRY_EVERY_S = 0.001
COLUMNS = "INSERT INTO desk_unreadupdate (update_id, address_hash, body)"
ONCE = "ON CONFLICT (update_id) DO NOTHING"
LOOK = "SELECT 1 FROM desk_unreadupdate LIMIT 1"


class Table(Protocol):
    """Used by one thread only."""

    def write(self, rows: Sequence[Row]) -> None:
        """Store rows in one transaction; a number that is there already is left as it is.

        Raises whatever the driver raises; then nothing is stored, or nobody knows.
        """

    def look(self) -> None:
        """Raises when the table can't be reached."""

    def close(self) -> None: ...


def open_table(database_url: str) -> Table:
    """The table in the database of ``DATABASE_URL``; it is connected to when it is first used."""
    found = dj_database_url.parse(database_url)
    if str(found["ENGINE"]).endswith("sqlite3"):
        return SqliteTable(str(found["NAME"]))
    return PostgresTable(_parameters(found))


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


class PostgresTable:
    """One connection; a transaction whose end was not heard of counts as not stored."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self._connection: psycopg.Connection[Any] | None = None

    def write(self, rows: Sequence[Row]) -> None:
        # In the order of the numbers: two processes that store the same ones don't lock each other.
        values = sorted((row.update_id, row.address_hash, row.body) for row in rows)
        try:
            connection = self._connected()
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(f"{COLUMNS} VALUES (%s, %s, %s) {ONCE}", values)
        except BaseException:
            self.close()
            raise

    def look(self) -> None:
        try:
            self._connected().execute(LOOK)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
            self._connection = None

    def _connected(self) -> psycopg.Connection[Any]:
        import psycopg  # on SQLite 10 MB for nothing

        if self._connection is None or self._connection.broken:
            self._connection = psycopg.connect(autocommit=True, **self._parameters)
            milliseconds = int(WAIT_S * 1000)
            self._connection.execute(f"SET statement_timeout = {milliseconds}".encode())
        return self._connection


def _parameters(found: Any) -> dict[str, Any]:
    """What libpq wants, from what Django wants; the address may say more, e.g. ?sslmode=require."""
    named = {
        "dbname": found["NAME"],
        "user": found["USER"],
        "password": found["PASSWORD"],
        "host": found["HOST"],
        "port": found["PORT"],
    }
    patience = {"connect_timeout": int(WAIT_S), "tcp_user_timeout": int(WAIT_S * 1000)}
    given = {name: value for name, value in named.items() if value}
    return patience | given | dict(found.get("OPTIONS", {}))
