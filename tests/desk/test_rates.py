"""One person writes fast: nothing is lost, danger is noticed, nobody else waits."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, F
from django.utils import timezone

from desk import mailbox
from desk.mailbox import Answer, Incoming, Turn, rates, statements
from desk.models import Conversation, Message
from tests.desk.conftest import talk
from wegweiser.settings import settings
from wegweiser.texts import languages, response

pytestmark = pytest.mark.django_db

_keys = itertools.count(1)


@pytest.fixture(autouse=True)
def three_a_minute(set_settings: Any) -> None:
    set_settings(MESSAGES_PER_MINUTE="3")


def writes(text: str = "Hello", person: str = "501", **more: Any) -> int:
    incoming = Incoming("telegram", person, f"tg:{next(_keys)}", text, **more)
    return mailbox.receive(incoming).message_id


def flood(*texts: str) -> None:
    """As many messages as are answered one by one, done; then these."""
    for number in range(settings().messages_per_minute):
        writes(str(number))
    Message.objects.update(state="done")
    for text in texts:
        writes(text)


def taken(**more: Any) -> Turn:
    Conversation.objects.update(worker_until=None)
    turn = mailbox.claim_turn("w1", **more)
    assert turn is not None
    return turn


def told() -> list[str]:
    return list(Message.objects.filter(key__startswith="many:").values_list("text", flat=True))


def states() -> list[str]:
    rows = Message.objects.filter(direction="in").order_by("id")
    return [row.state for row in rows[settings().messages_per_minute :]]


def test_up_to_the_limit_each_message_is_a_turn() -> None:
    for text in ("one", "two", "three"):
        writes(text)
    turn = taken()
    assert (turn.text, turn.joined, turn.is_surplus) == ("one", (), False)
    assert told() == []


def test_what_goes_beyond_is_read_together_and_all_of_it_is_done() -> None:
    flood("help", "they", "are coming", "tonight")
    turn = taken()
    assert turn.text == "help\nthey\nare coming\ntonight"
    mailbox.commit_turn(turn, [Answer("Call 112")])
    assert states() == ["done"] * 4
    assert mailbox.claim_turn("w2") is None


def test_a_turn_holds_no_more_texts_than_are_looked_at_one_by_one() -> None:
    """Danger in the fifth part of one long text could be overlooked."""
    flood(*"abcdef")
    turn = taken()
    assert turn.text == "a\nb\nc\nd"
    mailbox.commit_turn(turn, [])
    assert taken().text == "e\nf"


def test_the_same_again_and_again_is_one_text() -> None:
    flood(*["hello"] * 30)
    turn = taken()
    assert (turn.text, len(turn.joined)) == ("hello", 29)


@pytest.mark.parametrize("alone", ["/delete", " /human", "x" * (rates.LONGEST_JOINED + 1)])
def test_a_command_or_a_long_text_is_a_turn_of_its_own(alone: str) -> None:
    flood("a", alone, "b")
    for text in ("a", alone, "b"):
        turn = taken()
        assert (turn.text, turn.joined) == (text, ())
        mailbox.commit_turn(turn, [])


def test_the_same_button_again_is_pressed_once() -> None:
    flood()
    turn = taken_with_button()
    pressed = [f"{Message.objects.get(pk=turn).token}:{number}" for number in (0, 0, 0, 1)]
    for button in pressed:
        writes("", kind="button", button=button)
    first, second = taken_and_done(), taken_and_done()
    assert (first.payload, len(first.joined)) == ("/affirm", 2)
    assert (second.payload, second.joined) == ("/deny", ())


def taken_with_button() -> int:
    """An answer with two buttons; its row."""
    conversation = Conversation.objects.get()
    buttons = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]
    return Message.objects.create(
        conversation=conversation,
        key="shown",
        direction="out",
        author="assistant",
        text="Sure?",
        payload={"buttons": buttons},
    ).pk


def taken_and_done() -> Turn:
    turn = taken()
    mailbox.commit_turn(turn, [])
    return turn


def test_a_picture_is_a_turn_of_its_own() -> None:
    flood("a")
    writes("", kind="photo")
    writes("", kind="photo")
    writes("b")
    found = []
    for _ in range(4):
        turn = taken()
        found.append((turn.kind, turn.text, len(turn.joined)))
        mailbox.commit_turn(turn, [])
    assert found == [("text", "a", 0), ("photo", "", 0), ("photo", "", 0), ("text", "b", 0)]


def test_what_failed_is_tried_alone() -> None:
    """Poison among them must not set the others aside."""
    flood("poison", "innocent")
    turn = taken()
    assert turn.joined
    assert not mailbox.fail_turn(turn, "ValueError")
    again = taken()
    assert (again.text, again.joined) == ("poison", ())
    mailbox.fail_turn(again, "ValueError")
    mailbox.set_aside(taken(), [Answer("Sorry")])
    assert states() == ["set_aside", "waiting"]
    assert taken().text == "innocent"


def test_the_person_hears_it_once_and_kindly_with_a_way_to_a_human() -> None:
    flood("a", "b", "c")
    assert told() == [response("en", rates.SENTENCE)]
    row = Message.objects.get(key__startswith="many:")
    assert row.payload["buttons"][0]["payload"] == "/request_human"


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_in_their_language(language: str) -> None:
    flood()
    Conversation.objects.update(language=language)
    writes("a")
    assert told() == [response(language, rates.SENTENCE)]
    assert language == "en" or told() != [response("en", rates.SENTENCE)]


def test_a_counsellor_reads_everything_and_nobody_is_admonished(jonas: Any) -> None:
    flood()
    Conversation.objects.update(handled_by=jonas)
    writes("a")
    assert told() == []
    assert not Message.objects.filter(surplus=True).exists()


def test_after_a_minute_it_is_as_before() -> None:
    flood("a")
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    row = Message.objects.get(pk=writes("b"))
    assert not row.surplus


def test_between_two_turns_of_a_flood_there_is_a_rest() -> None:
    flood(*"abcdef")
    mailbox.commit_turn(taken(), [])
    assert mailbox.claim_turn("w2") is None
    writes("Hello", person="502")
    other = mailbox.claim_turn("w3")
    assert other is not None
    assert other.text == "Hello"


# --- nobody slows others -------------------------------------------------------------------------


def test_who_was_just_answered_takes_nobody_elses_place() -> None:
    writes("one")
    writes("two")
    first = mailbox.claim_turn("w1")
    assert first is not None
    assert not first.is_busy
    mailbox.commit_turn(first, [])
    assert mailbox.claim_turn("w2", busy=False) is None
    again = mailbox.claim_turn("w3")
    assert again is not None
    assert again.is_busy


def test_what_goes_beyond_the_limit_takes_nobody_elses_place() -> None:
    flood("a", "b")
    Conversation.objects.update(worker_until=timezone.now() - timedelta(hours=1))
    assert mailbox.claim_turn("w1", busy=False) is None
    turn = mailbox.claim_turn("w2")
    assert turn is not None
    assert (turn.text, turn.is_busy) == ("a\nb", True)


def test_people_who_are_new_do_not_keep_the_others_waiting() -> None:
    """Whoever makes new conversations without end has no more turns than anybody else."""
    writes("before")
    first = mailbox.claim_turn("w0")
    assert first is not None
    mailbox.commit_turn(first, [])
    writes("waits")
    taken_now = []
    for number in range(5):
        Conversation.objects.filter(worker="").update(worker_until=earlier("worker_until"))
        Message.objects.update(created_at=earlier("created_at"))
        writes("new", person=f"new {number}")
        turn = mailbox.claim_turn(f"w{number + 1}")
        assert turn is not None
        taken_now.append(turn.text)
    assert "waits" in taken_now


def test_somebody_new_is_before_whoever_was_just_answered() -> None:
    for person in ("501", "502"):
        writes("one", person=person)
        turn = mailbox.claim_turn("w")
        assert turn is not None
        mailbox.commit_turn(turn, [])
        writes("two", person=person)
    writes("new", person="503")
    turn = mailbox.claim_turn("w")
    assert turn is not None
    assert (turn.text, turn.is_busy) == ("new", False)


def earlier(column: str) -> Any:
    """A second has passed, as the rows see it."""
    passed = timedelta(seconds=1)
    return ExpressionWrapper(F(column) - passed, output_field=DateTimeField())


def test_answers_go_first_to_whoever_waits_longest() -> None:
    for person in ("501", "502"):
        writes("Hello", person=person)
        turn = mailbox.claim_turn("w")
        assert turn is not None
        mailbox.commit_turn(turn, [Answer(f"{person} {number}") for number in range(3)])
    order = []
    while (sending := mailbox.claim_delivery("s", "telegram")) is not None:
        order.append(sending.text)
        mailbox.settle(sending, mailbox.Outcome.SENT)
        mailbox.release_delivery("s", sending.conversation_id)
    assert order == ["501 0", "502 0", "501 1", "502 1", "501 2", "502 2"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's words for a plan")
@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (statements.NEXT_TURN, ["2026-01-01", "2026-01-01"]),
        (statements.NEXT_CONVERSATION, ["2026-01-01", "telegram", "2026-01-01"]),
    ],
)
def test_ten_thousand_waiting_rows_are_not_looked_at_one_by_one(
    statement: str, parameters: list[str]
) -> None:
    """One step in the index for each conversation, however much it has written."""
    talk()
    with connection.cursor() as cursor:
        plan = "EXPLAIN QUERY PLAN " + statement.format(lock="", but="")
        cursor.execute(plan, parameters)
        steps = [str(row[3]) for row in cursor.fetchall()]
    on_messages = [step for step in steps if "desk_message" in step]
    assert len(on_messages) == 3
    assert all("INDEX message_waiting (direction=?" in step for step in on_messages), steps
    assert any("conversation_id>?" in step for step in on_messages)
    assert not any("SCAN m" in step or "SCAN c" in step for step in steps)
