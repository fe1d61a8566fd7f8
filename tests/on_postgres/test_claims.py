"""A claim that looked before somebody else was quicker must not believe what it saw."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from desk import mailbox
from desk.mailbox import Answer, Incoming, Outcome, Turn, statements
from desk.models import Conversation, Message

pytestmark = pytest.mark.django_db(transaction=True)

HELD_UP = "AND pg_advisory_xact_lock_shared(7) IS NOT NULL"


def taken() -> Turn:
    turn = mailbox.claim_turn("w")
    assert turn is not None
    return turn


def arrive(*texts: str) -> None:
    for text in texts:
        mailbox.receive(Incoming("telegram", "501", f"tg:{text}", text))


@contextmanager
def held_up(
    monkeypatch: pytest.MonkeyPatch, statement: str, claim: Callable[[], Any]
) -> Iterator[list[Any]]:
    """While the block runs, ``claim`` has looked at the table and not yet locked anything."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(claim())
        finally:
            connection.close()

    real = getattr(statements, statement)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7)")
        monkeypatch.setattr(statements, statement, real.replace("{but}", f"{HELD_UP} {{but}}"))
        thread = threading.Thread(target=run)
        thread.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        for _ in range(2000):
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                break
            threading.Event().wait(0.005)
        else:
            raise AssertionError("the claim did not get as far as the table")
        monkeypatch.setattr(statements, statement, real)
        yield found
        cursor.execute("SELECT pg_advisory_unlock(7)")
    thread.join(20)
    assert found


def test_what_was_answered_meanwhile_is_not_answered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    arrive("one", "two")
    with held_up(monkeypatch, "NEXT_TURN", lambda: mailbox.claim_turn("slow")) as found:
        mailbox.commit_turn(taken(), [Answer("1")])
    assert found[0] is None or found[0].text == "two"
    assert found[0] or taken().text == "two"


def test_a_try_that_failed_meanwhile_is_not_overtaken(monkeypatch: pytest.MonkeyPatch) -> None:
    arrive("one", "two")
    with held_up(monkeypatch, "NEXT_TURN", lambda: mailbox.claim_turn("slow")) as found:
        mailbox.fail_turn(taken(), "ValueError")
    assert found[0] is None or found[0].text == "one"


def test_what_was_sent_meanwhile_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    arrive("Hello")
    mailbox.commit_turn(taken(), [Answer("1"), Answer("2")])
    claim = lambda: mailbox.claim_delivery("slow", "telegram")  # noqa: E731
    with held_up(monkeypatch, "NEXT_CONVERSATION", claim) as found:
        quick = mailbox.claim_delivery("quick", "telegram")
        assert quick is not None
        mailbox.settle(quick, Outcome.SENT)
        mailbox.release_delivery("quick", quick.conversation_id)
    # Given back after the slow one had looked at its clock, it is not free yet for that look.
    second = found[0] or claim()
    assert second is not None
    assert second.text == "2"
    assert list(Message.objects.filter(direction="out").values_list("state", flat=True)) == [
        "sent",
        "sending",
    ]


@pytest.mark.parametrize("direction", ["in", "out"])
def test_what_somebody_has_just_locked_is_waited_for_and_not_left(direction: str) -> None:
    """Else it would lie until the next look: the one who had the lock need not call anybody."""
    arrive("Hello")
    if direction == "out":
        mailbox.commit_turn(taken(), [Answer("1")])
    found: list[Any] = []

    def claim() -> None:
        try:
            found.append(
                mailbox.claim_turn("w")
                if direction == "in"
                else mailbox.claim_delivery("s", "telegram")
            )
        finally:
            connection.close()

    thread = threading.Thread(target=claim)
    with transaction.atomic():
        Conversation.objects.select_for_update().get()
        thread.start()
        thread.join(0.2)
    thread.join(20)
    assert found[0] is not None
