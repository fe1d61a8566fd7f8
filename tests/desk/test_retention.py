"""What goes by age, what stays, and that it does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from desk import casework, mailbox
from desk.models import Conversation, DeskEvent, InformationRequest, Message, Tracker
from desk.retention import erase_old
from tests.desk.conftest import asked, assistant_says, said, talk

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> Any:
    return timezone.now() - timedelta(days=days)


def age(conversation: Conversation, days: int) -> None:
    Message.objects.filter(conversation=conversation).update(created_at=days_ago(days))
    Tracker.objects.filter(conversation=conversation).update(changed_at=days_ago(days))
    Conversation.objects.filter(pk=conversation.pk).update(
        created_at=days_ago(days), last_message_at=days_ago(days)
    )


def spoken() -> Conversation:
    conversation = talk()
    said(conversation, "Hello")
    assistant_says(conversation, "Good day")
    mailbox.save_tracker(conversation.pk, {"events": ["..."]})
    return conversation


@pytest.mark.parametrize(("days", "stays"), [(89, True), (91, False)])
def test_a_conversation_goes_after_ninety_days(days: int, stays: bool) -> None:
    conversation = spoken()
    age(conversation, days)
    erase_old()
    assert Conversation.objects.filter(pk=conversation.pk).exists() is stays
    assert Message.objects.exists() is stays
    assert Tracker.objects.exists() is stays


def test_of_a_conversation_that_goes_on_only_the_old_texts_go() -> None:
    conversation = spoken()
    age(conversation, 91)
    new = said(conversation, "Hello again")
    erased = erase_old()
    assert list(Message.objects.values_list("pk", flat=True)) == [new]
    assert (erased.messages, erased.trackers, erased.conversations) == (2, 1, 0)


@pytest.mark.parametrize(("days", "stays"), [(364, True), (366, False)])
def test_a_request_goes_a_year_after_it_was_closed(days: int, stays: bool, jonas: Any) -> None:
    request = asked()
    casework.do_answer(jonas, request.pk, key="desk:1", text="800 lari.")
    age(request.conversation, days)
    InformationRequest.objects.update(closed_at=days_ago(days))
    erase_old()
    assert InformationRequest.objects.exists() is stays
    assert Message.objects.exists() is stays
    assert Conversation.objects.exists() is stays


def test_an_open_request_stays_however_old_it_is() -> None:
    request = asked()
    age(request.conversation, 900)
    erase_old()
    assert InformationRequest.objects.filter(pk=request.pk).exists()


def test_a_conversation_that_a_counsellor_holds_stays(jonas: Any) -> None:
    conversation = talk(handled_by=jonas)
    age(conversation, 91)
    erase_old()
    assert Conversation.objects.filter(pk=conversation.pk).exists()


def test_the_desks_log_goes_with_the_requests(jonas: Any) -> None:
    DeskEvent.objects.create(kind="saw_request", counsellor=jonas)
    DeskEvent.objects.update(created_at=days_ago(366))
    assert erase_old().desk_events == 1


def test_more_rows_than_one_transaction_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.retention.BATCH", 2)
    conversation = talk()
    for _ in range(5):
        said(conversation, "Hello")
    age(conversation, 91)
    assert erase_old().messages == 5


def test_the_command_says_numbers_only(capsys: pytest.CaptureFixture[str]) -> None:
    age(spoken(), 91)
    call_command("erase_old")
    assert capsys.readouterr().out == (
        "messages=2, trackers=1, requests=0, conversations=1, desk_events=0, files=0, updates=0\n"
    )
