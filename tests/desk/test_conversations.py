"""Live conversations: one counsellor at a time, and the assistant before and after."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from desk import conversations, mailbox, requests
from desk.conversations import HeldByColleague, NotHeld
from desk.mailbox import FileSent
from desk.models import Conversation, DeskEvent, Message, StoredFile
from tests.desk.conftest import assistant_says, said, talk

pytestmark = pytest.mark.django_db


def key() -> str:
    return f"desk:{uuid.uuid4()}"


def waiting() -> Conversation:
    conversation = talk()
    requests.ask_for_person(conversation.pk, "family")
    return again(conversation)


def again(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def log_of(conversation: Conversation) -> list[str]:
    return list(conversation.desk_events.values_list("kind", flat=True))


def test_taking_over_stops_the_assistant_and_the_person_is_told(jonas: Any) -> None:
    conversation = waiting()
    conversations.do_take_over(jonas, conversation.pk)
    said(conversation, "Are you there?")
    assert mailbox.claim_turn("worker") is None
    assert again(conversation).waiting_since is None
    assert "counsellor" in Message.objects.get(direction="out").text
    assert log_of(conversation) == ["took_over"]


def test_the_second_counsellor_is_told_who_has_it(jonas: Any, petra: Any) -> None:
    conversation = waiting()
    conversations.do_take_over(petra, conversation.pk)
    with pytest.raises(HeldByColleague) as told:
        conversations.do_take_over(jonas, conversation.pk)
    assert told.value.by == petra
    assert again(conversation).handled_by == petra


@pytest.mark.django_db(transaction=True)
def test_two_counsellors_take_over_at_the_same_moment(jonas: Any, petra: Any) -> None:
    conversation = waiting()
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def takes(counsellor: Any) -> None:
        start.wait()
        try:
            conversations.do_take_over(counsellor, conversation.pk)
            outcomes.append("has it")
        except HeldByColleague:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=takes, args=(one,)) for one in (jonas, petra)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["has it", "told"]
    assert Message.objects.filter(direction="out").count() == 1


def test_writing_twice_with_one_form_is_one_message(jonas: Any) -> None:
    conversation, once = waiting(), key()
    conversations.do_take_over(jonas, conversation.pk)
    for _ in range(2):
        conversations.do_write(jonas, conversation.pk, key=once, text="Good morning.")
    assert Message.objects.filter(author="counsellor").count() == 1


def test_only_the_one_who_has_it_writes(jonas: Any, petra: Any) -> None:
    conversation = waiting()
    with pytest.raises(NotHeld):
        conversations.do_write(jonas, conversation.pk, key=key(), text="Good morning.")
    conversations.do_take_over(petra, conversation.pk)
    with pytest.raises(HeldByColleague):
        conversations.do_write(jonas, conversation.pk, key=key(), text="Good morning.")
    assert not Message.objects.filter(author="counsellor").exists()


def test_after_handing_back_the_assistant_answers_only_what_is_new(jonas: Any) -> None:
    conversation = waiting()
    conversations.do_take_over(jonas, conversation.pk)
    said(conversation, "This is for the counsellor")
    conversations.do_hand_back(jonas, conversation.pk)
    assert mailbox.claim_turn("worker") is None
    new = said(conversation, "This is for the assistant")
    turn = mailbox.claim_turn("worker")
    assert turn is not None
    assert turn.message_id == new
    assert log_of(conversation) == ["took_over", "handed_back"]


def test_a_command_that_came_meanwhile_is_still_carried_out(jonas: Any) -> None:
    conversation = waiting()
    conversations.do_take_over(jonas, conversation.pk)
    command = said(conversation, "/delete", kind="command")
    conversations.do_write(jonas, conversation.pk, key=key(), text="I hand you back now.")
    conversations.do_hand_back(jonas, conversation.pk)
    turn = mailbox.claim_turn("worker")
    assert turn is not None
    assert turn.message_id == command


@contextmanager
def arriving(conversation: Conversation, **what: Any) -> Iterator[None]:
    """Amina writes at the end of the block, before what was changed in it is committed."""

    def writes() -> None:
        try:
            said(conversation, "What now?", **what)
        finally:
            connection.close()

    thread = threading.Thread(target=writes)
    with transaction.atomic():
        yield
        thread.start()
        thread.join(0.3)
        assert thread.is_alive(), "it waits for what is just being written"
    thread.join(30)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_it_is_handed_back_is_answered(jonas: Any) -> None:
    conversation = waiting()
    conversations.do_take_over(jonas, conversation.pk)
    with arriving(conversation):
        conversations.do_hand_back(jonas, conversation.pk)
    assert Message.objects.get(direction="in").state == "waiting"
    turn = mailbox.claim_turn("worker")
    assert turn is not None
    assert turn.text == "What now?"


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_it_is_taken_over_is_the_counsellors(jonas: Any) -> None:
    conversation = waiting()
    with arriving(conversation, kind="photo", file=FileSent("f:1", "photo", "r")):
        conversations.do_take_over(jonas, conversation.pk)
    assert Message.objects.get(direction="in").state == "done"
    assert StoredFile.objects.get().state == "wanted"
    assert mailbox.claim_turn("worker") is None


@pytest.mark.django_db(transaction=True)
def test_who_writes_while_the_old_conversation_is_removed_begins_anew() -> None:
    conversation = waiting()
    with arriving(conversation):
        again(conversation).delete()
    turn = mailbox.claim_turn("worker")
    assert turn is not None
    assert turn.text == "What now?"


@pytest.mark.parametrize("kind", ["location", "venue"])
@pytest.mark.parametrize("comes", ["before", "after"])
def test_where_somebody_is_is_not_kept_for_a_counsellor(jonas: Any, kind: str, comes: str) -> None:
    conversation = waiting()
    if comes == "after":
        conversations.do_take_over(jonas, conversation.pk)
    said(conversation, "", kind=kind, nearest=("CH-ZH",))
    conversations.do_take_over(jonas, conversation.pk)
    place = Message.objects.get(direction="in")
    assert (place.state, place.payload) == ("done", None)


def test_what_a_button_meant_is_kept_when_a_counsellor_takes_over(jonas: Any) -> None:
    conversation = waiting()
    token = Message.objects.get(pk=assistant_says(conversation, "Which?", "affirm")).token
    said(conversation, "", kind="button", button=f"{token}:0")
    conversations.do_take_over(jonas, conversation.pk)
    assert Message.objects.get(direction="in").payload == {"payload": "/affirm"}


def test_handing_back_twice_tells_once(jonas: Any) -> None:
    conversation = waiting()
    conversations.do_take_over(jonas, conversation.pk)
    conversations.do_hand_back(jonas, conversation.pk)
    conversations.do_hand_back(jonas, conversation.pk)
    assert log_of(conversation) == ["took_over", "handed_back"]


def test_only_a_supervisor_ends_a_colleagues_conversation(
    jonas: Any, petra: Any, ruth: Any
) -> None:
    conversation = waiting()
    conversations.do_take_over(petra, conversation.pk)
    with pytest.raises(HeldByColleague):
        conversations.do_hand_back(jonas, conversation.pk)
    conversations.do_hand_back(ruth, conversation.pk)
    assert again(conversation).handled_by is None


def test_a_danger_stays_until_the_first_has_seen_it(jonas: Any, petra: Any) -> None:
    conversation = talk()
    requests.raise_danger(conversation.pk)
    conversations.do_mark_danger_seen(jonas, conversation.pk)
    conversations.do_mark_danger_seen(petra, conversation.pk)
    assert again(conversation).danger_seen_by == jonas
    assert log_of(conversation) == ["saw_danger"]


def test_taking_over_somebody_in_danger_is_seeing_it(jonas: Any) -> None:
    conversation = talk(danger_since=timezone.now())
    conversations.do_take_over(jonas, conversation.pk)
    assert again(conversation).danger_seen_by == jonas


def test_the_log_outlives_the_conversation_and_names_nobody(jonas: Any) -> None:
    conversation = waiting()
    conversations.do_take_over(jonas, conversation.pk)
    conversation.delete()
    event = DeskEvent.objects.get()
    assert (event.kind, event.conversation) == ("took_over", None)


def test_what_was_erased_leaves_the_counsellors_page_and_says_why(jonas: Any, log_in: Any) -> None:
    conversation = waiting()
    conversations.do_take_over(jonas, conversation.pk)
    client = log_in(jonas)
    address = f"/desk/conversations/{conversation.pk}/"
    said(conversation, "my secret")
    assert "my secret" in client.get(f"{address}thread").content.decode()
    requests.erase(conversation.pk)
    assert again(conversation).handled_by is None
    for part in ("thread", "write"):
        ask = client.get if part == "thread" else client.post
        page = ask(f"{address}{part}", headers={"HX-Request": "true"}).content.decode()
        assert "had everything erased" in page
        assert "my secret" not in page
    assert "erased" in log_of(conversation)


def test_who_never_had_it_is_told_less(petra: Any, log_in: Any) -> None:
    conversation = talk()
    page = log_in(petra).get(f"/desk/conversations/{conversation.pk}/thread").content.decode()
    assert "can't open this conversation" in page


def test_somebody_who_writes_right_after_erasing_is_answered(jonas: Any) -> None:
    conversation = waiting()
    conversations.do_take_over(jonas, conversation.pk)
    requests.erase(conversation.pk)
    said(conversation, "Hello again")
    turn = mailbox.claim_turn("worker")
    assert turn is not None
    assert turn.text == "Hello again"
