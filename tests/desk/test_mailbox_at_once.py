"""Many workers and senders at the same moment, each with a connection of its own.

On SQLite they take turns by themselves; on PostgreSQL they really run at once, and everything
depends on the locks (``tests/test_on_postgres.py`` runs this module there).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from desk import mailbox
from desk.mailbox import Answer, Incoming, LostClaim, Outcome
from desk.models import Conversation, Message

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8
PEOPLE, EACH = 4, 25


@pytest.fixture(autouse=True)
def as_fast_as_they_like(set_settings: Callable[..., None]) -> None:
    """Each message is a turn of its own here."""
    set_settings(MESSAGES_PER_MINUTE="1000")


def at_once(work: Callable[[str], None]) -> None:
    """Run ``work(name)`` in several threads that begin together; an error of one fails the test."""
    start, faults = threading.Barrier(AT_ONCE), []

    def run(number: int) -> None:
        try:
            start.wait(20)
            work(f"host:{number}")
        except Exception as error:  # noqa: BLE001 - shown below
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []


def arrive() -> None:
    for number in range(EACH):
        for person in range(PEOPLE):
            incoming = Incoming("telegram", str(person), f"tg:{person}:{number}", f"{number}")
            mailbox.receive(incoming)


def test_no_message_is_answered_twice_and_order_is_kept() -> None:
    arrive()
    taken: dict[str, list[int]] = defaultdict(list)

    def work(name: str) -> None:
        claims = 0
        while Message.objects.filter(direction="in", state="waiting").exists():
            claims += 1
            turn = mailbox.claim_turn(f"{name}:{claims}")
            if turn is not None:
                taken[turn.conversation_id].append(int(turn.text))
                mailbox.commit_turn(turn, [Answer(f"echo {turn.text}")], snapshot={})

    at_once(work)
    assert list(taken.values()) == [list(range(EACH))] * PEOPLE
    for conversation in Conversation.objects.all():
        said = conversation.messages.filter(direction="out").values_list("text", flat=True)
        assert list(said) == [f"echo {number}" for number in range(EACH)]


def test_a_turn_that_fails_is_not_overtaken() -> None:
    arrive()
    done: dict[str, list[int]] = defaultdict(list)

    def work(name: str) -> None:
        claims = 0
        while Message.objects.filter(direction="in", state="waiting").exists():
            claims += 1
            turn = mailbox.claim_turn(f"{name}:{claims}")
            if turn is None:
                continue
            if int(turn.text) % 5 == 0 and turn.attempt == 1:
                mailbox.fail_turn(turn, "ValueError")  # to be tried again at once
                continue
            done[turn.conversation_id].append(int(turn.text))
            mailbox.commit_turn(turn, [])

    at_once(work)
    assert list(done.values()) == [list(range(EACH))] * PEOPLE


@pytest.mark.parametrize("goes_on", [True, False], ids=["goes on", "gives back"])
def test_no_row_is_sent_twice_and_order_is_kept(goes_on: bool) -> None:
    for person in range(PEOPLE):
        mailbox.receive(Incoming("telegram", str(person), f"tg:{person}", "Hello"))
        turn = mailbox.claim_turn("w")
        assert turn is not None
        mailbox.commit_turn(turn, [Answer(f"{number}") for number in range(EACH)])
    sent: dict[str, list[int]] = defaultdict(list)

    def work(name: str) -> None:
        claims = 0
        while Message.objects.filter(direction="out", state="waiting").exists():
            claims += 1
            delivery = mailbox.claim_delivery(f"{name}:{claims}", "telegram")
            while delivery is not None:
                sent[delivery.conversation_id].append(int(delivery.text))
                if goes_on:
                    delivery = mailbox.settle_and_go_on(delivery, Outcome.SENT)
                else:
                    mailbox.settle(delivery, Outcome.SENT)
                    mailbox.release_delivery(delivery.sender, delivery.conversation_id)
                    delivery = None

    at_once(work)
    assert list(sent.values()) == [list(range(EACH))] * PEOPLE


def test_the_same_update_through_several_doors_is_one_row() -> None:
    """As when Telegram repeats an update to another process, before anybody has written."""
    new: list[bool] = []

    def work(_: str) -> None:
        for number in range(EACH):
            incoming = Incoming("telegram", "501", f"tg:{number}", f"{number}")
            new.append(mailbox.receive(incoming).is_new)

    at_once(work)
    assert new.count(True) == EACH
    assert Conversation.objects.count() == 1
    assert Message.objects.count() == EACH


def test_of_two_workers_of_one_turn_one_writes() -> None:
    mailbox.receive(Incoming("telegram", "501", "tg:1", "Hello"))
    turn = mailbox.claim_turn("host:1:1")
    assert turn is not None
    outcomes: list[str] = []

    def work(_: str) -> None:
        try:
            mailbox.commit_turn(turn, [Answer("one answer")])
            outcomes.append("written")
        except LostClaim:
            outcomes.append("lost")

    at_once(work)
    assert sorted(outcomes) == ["lost"] * (AT_ONCE - 1) + ["written"]
    assert Message.objects.filter(direction="out").count() == 1


def test_a_dead_senders_row_is_marked_once() -> None:
    mailbox.receive(Incoming("telegram", "501", "tg:1", "Hello"))
    turn = mailbox.claim_turn("w")
    assert turn is not None
    mailbox.commit_turn(turn, [Answer("in doubt")])
    assert mailbox.claim_delivery("dead:1:1", "telegram")
    Conversation.objects.update(sender_until=Conversation.objects.get().created_at - timedelta(1))
    marked: list[int] = []
    at_once(lambda _: marked.append(mailbox.mark_abandoned()))
    assert sum(marked) == 1
