"""The requests door: what the assistant hands to the desk, and what it can say about it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from desk import casework, mailbox, requests
from desk.models import Conversation, InformationRequest, Message, RequestEvent, Tracker
from desk.references import new_reference
from desk.requests import UnknownRequest, parse_reference
from tests.desk.conftest import asked, said, talk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("K7M-4Q2", "K7M-4Q2"),
        ("what about k7m 4q2?", "K7M-4Q2"),
        ("K7M4Q2", "K7M-4Q2"),
        ("K7M–4Q2", "K7M-4Q2"),
        ("my number is ACD-EFG thanks", "ACD-EFG"),
        ("the cat", ""),
        ("what now", ""),
        ("B8O-1I0", ""),  # letters that no reference holds
        ("", ""),
        ("XK7M-4Q2Z", ""),
    ],
)
def test_a_reference_is_found_however_it_is_typed(text: str, reference: str) -> None:
    assert parse_reference(text) == reference


def test_a_new_reference_is_one_that_is_found_again() -> None:
    for _ in range(50):
        reference = new_reference()
        assert parse_reference(f"status of {reference.lower()} please") == reference


def test_the_same_confirmation_opens_one_request() -> None:
    conversation = talk()
    first = asked(conversation, origin_key="message:1")
    second = asked(conversation, origin_key="message:1")
    assert first == second
    assert InformationRequest.objects.count() == 1


def test_a_reference_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["AAA-AA2", "AAA-AA2", "CCC-CC3"])
    monkeypatch.setattr(requests, "new_reference", lambda: next(drawn))
    assert [asked().reference, asked().reference] == ["AAA-AA2", "CCC-CC3"]


@pytest.mark.parametrize(
    ("today", "country", "promised"),
    [
        (date(2026, 11, 23), "CH", date(2026, 12, 14)),
        (date(2026, 12, 14), "CH", date(2027, 1, 6)),  # 25 December and 1 January do not count
        (date(2026, 12, 14), "DE", date(2027, 1, 6)),
    ],
)
def test_the_promised_date_counts_working_days_of_the_host_country(
    today: date, country: str, promised: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: today)
    assert asked(host_country=country).promised_on == promised


def test_adding_twice_with_one_message_is_one_line() -> None:
    request = asked()
    for _ in range(2):
        requests.add_information(request.conversation_id, request.reference, "Two rooms.", "m:1")
    assert RequestEvent.objects.filter(kind="added").count() == 1


def test_somebody_elses_request_does_not_exist() -> None:
    request, stranger = asked(), talk()
    with pytest.raises(UnknownRequest):
        requests.add_information(stranger.pk, request.reference, "Mine now", "m:1")
    with pytest.raises(UnknownRequest):
        requests.withdraw(stranger.pk, request.reference)


def test_withdrawing_is_for_open_requests_and_harmless_twice(jonas: Any) -> None:
    request = asked()
    for _ in range(2):
        assert requests.withdraw(request.conversation_id, request.reference).state == "withdrawn"
    assert RequestEvent.objects.filter(kind="withdrawn").count() == 1
    answered = asked()
    casework.do_answer(jonas, answered.pk, key="desk:1", text="Yes.")
    state = requests.withdraw(answered.conversation_id, answered.reference).state
    assert state == "sent"


def test_the_newest_request_comes_first_with_its_answer(jonas: Any) -> None:
    conversation = talk()
    old, new = asked(conversation), asked(conversation)
    casework.do_answer(jonas, old.pk, key="desk:1", text="Yes, there is.")
    newest, oldest = requests.requests_of(conversation.pk)
    assert (newest.reference, newest.answer) == (new.reference, "")
    assert "Yes, there is." in oldest.answer


def test_who_asks_twice_for_a_person_keeps_the_place() -> None:
    first, second = talk(), talk()
    requests.ask_for_person(first.pk, "family")
    assert requests.ask_for_person(second.pk).people_before == 1
    Conversation.objects.filter(pk=first.pk).update(
        waiting_since=timezone.now() - timedelta(minutes=5)
    )
    assert requests.ask_for_person(first.pk).people_before == 0
    requests.stop_waiting(first.pk)
    assert requests.ask_for_person(second.pk).people_before == 0


@pytest.mark.parametrize(
    ("now", "staffed", "next_day"),
    [("2026-11-23T10:00", True, 23), ("2026-11-27T18:00", False, 30)],
)
def test_the_truth_about_when_somebody_is_there(
    now: str, staffed: bool, next_day: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Europe/Zurich"))
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    truth = requests.waiting_truth()
    assert (truth.staffed_now, truth.staffed_next.day) == (staffed, next_day)


def test_a_danger_that_comes_again_is_shown_again(jonas: Any) -> None:
    conversation = talk(danger_since=timezone.now(), danger_seen_by=jonas)
    requests.raise_danger(conversation.pk)
    assert Conversation.objects.get(pk=conversation.pk).danger_seen_by is None


def test_erasing_leaves_nothing_but_the_way_to_say_so(jonas: Any) -> None:
    conversation = talk(waiting_since=timezone.now(), danger_since=timezone.now())
    said(conversation, "My name is Amina")
    request = asked(conversation)
    casework.do_answer(jonas, request.pk, key="desk:1", text="Yes.")
    mailbox.save_tracker(conversation.pk, {"events": []})
    erased = requests.erase(conversation.pk)
    assert erased.requests == 1
    assert not InformationRequest.objects.exists()
    assert not RequestEvent.objects.exists()
    assert not Tracker.objects.exists()
    assert not Message.objects.filter(direction="out").exists()
    left = Conversation.objects.get(pk=conversation.pk)
    assert (left.country, left.topic, left.waiting_since, left.danger_since) == ("", "", None, None)
    assert requests.erase(conversation.pk).requests == 0
