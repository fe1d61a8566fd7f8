"""Where updates are stored, written with the database's own driver.

Django's connection would cost this process more memory than everything else in it. The table is
``desk.models.UnreadUpdate``; a test stores with this and reads with that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import dj_database_url

from bot.webhook.spool import Mover, Spool
from bot.webhook.sqlite import COLUMNS, LOOK, ONCE, WAIT_S
from bot.webhook.update import Row

if TYPE_CHECKING:
    import psycopg


class Table(Protocol):
    """Used by one thread only, but for ``start``."""

    def start(self, stored: Callable[[], None]) -> None:
        """Begin. ``stored`` is called, in any thread, when the bot can read more, unless the
        database tells all bots by itself."""

    def write(self, rows: Sequence[Row]) -> None:
        """Store rows, all or none; a number that is there already is left as it is.

        Raises whatever the driver raises; then nothing is stored, or nobody knows.
        """

    def look(self) -> None:
        """Raises when rows can't be stored, or don't get to where the bot reads them."""

    def close(self) -> None: ...


def open_table(database_url: str) -> Table:
    """The table in the database of ``DATABASE_URL``; it is connected to when it is first used."""
    found = dj_database_url.parse(database_url)
    if str(found["ENGINE"]).endswith("sqlite3"):
        return Spool(str(found["NAME"]))
    return PostgresTable(_parameters(found))


def move_leftovers(database_url: str) -> None:
    """For a bot that no longer has a webhook: what its process had not moved on when it ended."""
    found = dj_database_url.parse(database_url)
    if str(found["ENGINE"]).endswith("sqlite3"):
        mover = Mover(str(found["NAME"]))
        try:
            mover.move()
        finally:
            mover.close()


class PostgresTable:
    """One connection; a transaction whose end was not heard of counts as not stored."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self._connection: psycopg.Connection[Any] | None = None

    def start(self, stored: Callable[[], None]) -> None:
        """A trigger tells the bots."""

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
