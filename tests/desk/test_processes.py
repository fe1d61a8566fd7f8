"""What several processes agree on: who holds a lease, and how fast all of them may send."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from desk import mailbox
from desk.mailbox import Answer, Incoming, Outcome, TooFast
from desk.mailbox.pace import rest, take_slot
from desk.models import Conversation, Lease, Message

pytestmark = pytest.mark.django_db

LONG = timedelta(seconds=60)


def holds(holder: str) -> bool:
    return mailbox.hold_lease("polling", holder, LONG)


def test_one_holds_a_lease_and_may_renew_it() -> None:
    assert holds("a")
    assert not holds("b")
    assert holds("a")
    assert Lease.objects.get().until > timezone.now() + LONG / 2


def test_a_lease_that_ended_or_was_given_back_is_anybodys() -> None:
    holds("a")
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert holds("b")
    assert not holds("a")
    mailbox.release_lease("polling", "a")
    assert not holds("a"), "only the holder gives it back"
    mailbox.release_lease("polling", "b")
    assert holds("a")


def test_the_lease_of_a_process_known_to_be_dead_is_free_at_once() -> None:
    holds("host:17:x")
    assert mailbox.free_leases_of(lambda owner: False) == 0
    assert not holds("host:18:y")
    assert mailbox.free_leases_of(lambda owner: owner == "host:17:x") == 1
    assert holds("host:18:y")


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_a_lease_at_once_one_gets_it() -> None:
    start, got = threading.Barrier(8), []

    def wants(name: str) -> None:
        start.wait(20)
        if holds(name):
            got.append(name)
        connection.close()

    threads = [threading.Thread(target=wants, args=(f"p{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(got) == 1


def used_up_for(seconds: float) -> None:
    """As if so many seconds' worth of messages had gone out at once."""
    rest("telegram", timedelta(seconds=seconds), None)


def test_a_seconds_worth_goes_at_once_and_no_more() -> None:
    used_up_for(0.5)
    take_slot("telegram", 30)
    used_up_for(50)
    with pytest.raises(TooFast) as limit:
        take_slot("telegram", 30)
    assert 45 < limit.value.wait < 49.1
    take_slot("web", 30)


def test_each_message_counts() -> None:
    a_day = 86_400.0
    take_slot("telegram", 1 / a_day)
    with pytest.raises(TooFast) as limit:
        take_slot("telegram", 1 / a_day)
    assert limit.value.wait == pytest.approx(a_day, abs=60)


@pytest.mark.parametrize("per_second", [30, None])
def test_when_telegram_says_wait_everybody_does(per_second: float | None) -> None:
    rest("telegram", timedelta(seconds=50), per_second)
    with pytest.raises(TooFast) as limit:
        take_slot("telegram", per_second)
    assert 45 < limit.value.wait < 50.01
    rest("telegram", timedelta(seconds=5), per_second)
    with pytest.raises(TooFast) as still:
        take_slot("telegram", per_second)
    assert still.value.wait > 40, "a shorter rest does not end a longer one"


def waits() -> Message:
    mailbox.receive(Incoming("telegram", "501", "tg:1", "Hello"))
    turn = mailbox.claim_turn("w")
    assert turn is not None
    mailbox.commit_turn(turn, [Answer("one"), Answer("two")])
    return Message.objects.get(direction="out", text__isnull=False, key__endswith=":0")


def test_who_may_not_send_yet_has_claimed_nothing() -> None:
    row = waits()
    rest("telegram", LONG, 30)
    with pytest.raises(TooFast):
        mailbox.claim_delivery("s", "telegram", per_second=30)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)
    assert Conversation.objects.get().sender == ""


def test_a_sender_that_may_not_go_on_lets_the_conversation_go() -> None:
    waits()
    delivery = mailbox.claim_delivery("s", "telegram", per_second=30)
    assert delivery is not None
    rest("telegram", LONG, 30)
    assert mailbox.settle_and_go_on(delivery, Outcome.SENT, per_second=30) is None
    states = Message.objects.filter(direction="out").values_list("state", flat=True)
    assert list(states) == ["sent", "waiting"]
    assert Conversation.objects.get().sender == ""


# --- a commit of which nobody knows whether it was written ----------------------------------------


def test_a_claim_that_was_not_heard_of_is_taken_back() -> None:
    row = waits()
    mailbox.claim_delivery("unheard", "telegram")
    mailbox.take_back("unheard")
    mailbox.take_back("never claimed")
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)
    again = mailbox.claim_delivery("s", "telegram")
    assert again is not None
    assert (again.text, again.attempt) == ("one", 1)


def test_a_next_row_that_was_not_heard_of_is_taken_again() -> None:
    waits()
    delivery = mailbox.claim_delivery("s", "telegram")
    assert delivery is not None
    mailbox.settle_and_go_on(delivery, Outcome.SENT)  # written, but the answer got lost
    mailbox.take_back("s", but=delivery.message_id)
    following = mailbox.settle_and_go_on(delivery, Outcome.SENT)
    assert following is not None
    assert (following.text, following.attempt) == ("two", 1)


def test_a_turn_that_was_not_heard_of_is_taken_back() -> None:
    mailbox.receive(Incoming("telegram", "501", "tg:1", "Hello"))
    mailbox.claim_turn("unheard")
    mailbox.undo_claim("unheard")
    mailbox.undo_claim("never claimed")
    turn = mailbox.claim_turn("w")
    assert turn is not None
    assert (turn.attempt, turn.is_suspect) == (1, False)


@pytest.mark.parametrize("error", ["", "ValueError"])
def test_tries_that_are_taken_back_add_no_crash_to_what_was_before(error: str) -> None:
    """One try that died or raised, then a disk that is full for long."""
    mailbox.receive(Incoming("telegram", "501", "tg:1", "Hello"))
    before = mailbox.claim_turn("before")
    assert before is not None
    if error:
        mailbox.fail_turn(before, error)
    else:
        mailbox.release(before.conversation_id, "before")
    for number in range(mailbox.TURN_CRASHES + 1):
        turn = mailbox.claim_turn(f"w{number}")
        assert turn is not None
        assert (turn.attempt, turn.is_poison) == (2, False)
        mailbox.undo_claim(f"w{number}")
    assert Message.objects.get().crashes == (0 if error else 1)


def test_poison_whose_apology_could_not_be_written_stays_poison() -> None:
    mailbox.receive(Incoming("telegram", "501", "tg:1", "kills the process"))
    for number in range(mailbox.TURN_CRASHES + 2):
        turn = mailbox.claim_turn(f"w{number}")
        assert turn is not None
        assert turn.is_poison == (number >= mailbox.TURN_CRASHES)
        if turn.is_poison:
            mailbox.undo_claim(turn.worker)
        else:
            mailbox.release(turn.conversation_id, turn.worker)
