"""Runs the written-out statements and reads what they give, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any, TypeVar

from django.db import connection, transaction

from desk.mailbox.statements import IN_CONVERSATION, LOCK_CONVERSATION
from wegweiser.encryption import decrypt

BUSY_TRIES = 20
T = TypeVar("T")


class Busy(Exception):
    """What waits is locked by somebody, or was old news: to be looked for in a new transaction."""

    def __init__(self, conversation_id: str | None = None) -> None:
        super().__init__(conversation_id)
        self.conversation_id = conversation_id


def first(
    statement: str, parameters: Sequence[Any], *, lock: str = "FOR UPDATE OF c", **parts: str
) -> Sequence[Any] | None:
    """The first row, its conversation locked where there are such locks."""
    if not connection.features.has_select_for_update:
        lock = ""
    with connection.cursor() as cursor:
        cursor.execute(statement.format(lock=lock, **parts), _adapted(parameters))
        row: Sequence[Any] | None = cursor.fetchone()
    return row


def first_free(
    statement: str,
    parameters: Sequence[Any],
    *,
    conversation: int,
    wait_for: str | None,
    but: str = "",
) -> Sequence[Any] | None:
    """The first row of a conversation that nobody holds, as it is once the conversation is ours.

    SQLite has one writer, and this transaction is it. On PostgreSQL a conversation that somebody
    has just locked is passed over, and the row that is found may be old news: between the look at
    the table and the lock, another process may have taken the message, finished and let go. So the
    row is read again under the lock.

    Args:
        statement, parameters, but: which row.
        conversation: which column of the row is the conversation's id.
        wait_for: a conversation whose lock is waited for, instead of looking for a free one.

    Raises:
        Busy: there may be one; ``claim_patiently`` looks again.
    """
    if not connection.features.has_select_for_update:
        return first(statement, parameters, but=but)
    if wait_for is not None:
        change(LOCK_CONVERSATION, [wait_for])
    else:
        row = first(statement, parameters, but=but, lock="FOR UPDATE OF c SKIP LOCKED")
        if row is None:
            locked = first(statement, parameters, but=but, lock="")
            if locked is not None:
                raise Busy(locked[conversation])
            return None
        wait_for = row[conversation]
    mine = first(statement, [*parameters, wait_for], but=f"{but} {IN_CONVERSATION}")
    if mine is None:
        raise Busy
    return mine


def claim_patiently(claim: Callable[[str | None], T | None]) -> T | None:
    """Run ``claim(wait_for)`` in a transaction, again while it is ``Busy``.

    Whoever has a conversation locked may only be noting that something arrived, and calls nobody
    when it is done: so what all have locked is waited for, some milliseconds. In a transaction that
    has locked nothing yet, or two who wait for each other would never end.
    """
    wait_for: str | None = None
    for _ in range(BUSY_TRIES):
        try:
            with transaction.atomic():
                return claim(wait_for)
        except Busy as busy:
            wait_for = busy.conversation_id
    return None


def all_of(statement: str, parameters: Sequence[Any]) -> list[Sequence[Any]]:
    """All rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _adapted(parameters))
        return list(cursor.fetchall())


def change(statement: str, parameters: Sequence[Any]) -> int:
    """Run an update; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _adapted(parameters))
        return int(cursor.rowcount)


def change_returning(statement: str, parameters: Sequence[Any]) -> Sequence[Any] | None:
    """Run an update; what it returns of the first row it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _adapted(parameters))
        row: Sequence[Any] | None = cursor.fetchone()
    return row


def text_of(stored: str) -> str:
    """An encrypted text column."""
    return decrypt(stored) if stored else stored


def value_of(stored: str | None) -> dict[str, Any]:
    """An encrypted JSON column that holds an object or nothing."""
    found = json.loads(decrypt(stored)) if stored else {}
    return found if isinstance(found, dict) else {}


def moment_of(stored: datetime | str) -> datetime:
    """A moment as a statement gives it: SQLite keeps it as text, in UTC, without saying so."""
    if isinstance(stored, str):
        stored = datetime.fromisoformat(stored)
    return stored if stored.tzinfo else stored.replace(tzinfo=timezone.utc)


def _adapted(parameters: Sequence[Any]) -> list[Any]:
    return [
        connection.ops.adapt_datetimefield_value(one) if isinstance(one, datetime) else one
        for one in parameters
    ]
