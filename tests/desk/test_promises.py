"""Promised dates: working days, a new date, and a delay that is told once."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from desk import answering, casework, promises
from desk.conversations import HeldByColleague
from desk.models import InformationRequest, Message
from desk.promises import NotADate, NotLate
from tests.desk.conftest import asked, talk
from wegweiser.texts import languages
from wegweiser.workdays import is_working_day, working_days_between

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("start", "end", "country", "days"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), "CH", 0),
        (date(2026, 11, 23), date(2026, 11, 27), "CH", 4),
        (date(2026, 11, 27), date(2026, 11, 30), "DE", 1),  # over a weekend
        (date(2026, 12, 24), date(2026, 12, 29), "CH", 2),  # Christmas falls on a Friday
        (date(2026, 8, 1), date(2026, 8, 3), "CH", 1),
        (date(2026, 10, 2), date(2026, 10, 5), "DE", 1),
        (date(2026, 11, 27), date(2026, 11, 23), "CH", -4),
        (date(2026, 4, 30), date(2026, 5, 4), "DE", 1),  # 1 May is a holiday in Germany
        (date(2026, 4, 30), date(2026, 5, 4), "CH", 2),  # and not in all of Switzerland
    ],
)
def test_working_days_of_the_host_country(start: date, end: date, country: str, days: int) -> None:
    assert working_days_between(start, end, country) == days


def test_a_holiday_is_no_working_day() -> None:
    assert not is_working_day(date(2026, 8, 1), "CH")
    assert not is_working_day(date(2026, 12, 25), "DE")
    assert is_working_day(date(2026, 11, 23), "CH")


@pytest.fixture
def by_day(monkeypatch: pytest.MonkeyPatch) -> datetime:
    noon = timezone.now().astimezone(ZoneInfo("Europe/Zurich")).replace(hour=12)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    return noon


def late(days: int = 1, **changes: Any) -> InformationRequest:
    request = asked(talk(**changes))
    InformationRequest.objects.filter(pk=request.pk).update(
        promised_on=timezone.localdate() - timedelta(days=days)
    )
    return InformationRequest.objects.get(pk=request.pk)


def test_a_new_date_is_set_and_told_once_per_form(jonas: Any) -> None:
    request = asked()
    soon = timezone.localdate() + timedelta(days=40)
    for _ in range(2):
        promises.do_promise(jonas, request.pk, promised_on=soon, key="desk:1")
    told = Message.objects.get()
    assert request.reference in told.text
    assert str(soon.year) in told.text
    assert InformationRequest.objects.get().promised_on == soon
    assert request.events.get(kind="promised").text == soon.isoformat()


@pytest.mark.parametrize("days", [0, -1])
def test_a_day_that_is_not_to_come_is_no_promise(days: int, jonas: Any) -> None:
    request = asked()
    with pytest.raises(NotADate):
        promises.do_promise(
            jonas,
            request.pk,
            promised_on=timezone.localdate() + timedelta(days=days),
            key="desk:1",
        )
    assert not Message.objects.exists()


def test_only_who_has_the_request_promises(jonas: Any, petra: Any) -> None:
    request = asked()
    casework.do_take(petra, request.pk)
    soon = timezone.localdate() + timedelta(days=40)
    with pytest.raises(HeldByColleague):
        promises.do_promise(jonas, request.pk, promised_on=soon, key="desk:1")


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_a_delay_is_told_by_itself_in_the_persons_language(language: str, by_day: Any) -> None:
    request = late(language=language)
    assert promises.tell_delays() == 1
    told = Message.objects.get()
    assert (told.language, told.author, told.state) == (language, "assistant", "waiting")
    assert request.reference in told.text
    assert "{" not in told.text
    assert len(told.payload["buttons"]) == 2


def test_a_delay_is_told_once_per_promise(jonas: Any, by_day: Any) -> None:
    request = late()
    assert [promises.tell_delays(), promises.tell_delays()] == [1, 0]
    with pytest.raises(NotLate):
        promises.do_tell_delay(jonas, request.pk)
    soon = timezone.localdate() + timedelta(days=40)
    promises.do_promise(jonas, request.pk, promised_on=soon, key="desk:1")
    assert promises.tell_delays() == 0
    InformationRequest.objects.update(promised_on=timezone.localdate() - timedelta(days=2))
    assert promises.tell_delays() == 1
    assert request.events.filter(kind="delay_told").count() == 2


def test_what_is_in_time_answered_or_withdrawn_is_not_late(jonas: Any, by_day: Any) -> None:
    asked()
    answered = late()
    answering.do_answer(jonas, answered.pk, key="desk:1", text="800 lari.")
    InformationRequest.objects.filter(pk=late().pk).update(state="withdrawn")
    assert promises.tell_delays() == 0


def test_nobody_is_woken_at_night(monkeypatch: pytest.MonkeyPatch) -> None:
    late()
    night = timezone.now().astimezone(ZoneInfo("Europe/Zurich")).replace(hour=3)
    monkeypatch.setattr("django.utils.timezone.now", lambda: night)
    assert promises.tell_delays() == 0


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_the_same_moment_tell_it_once(by_day: Any) -> None:
    late()
    start = threading.Barrier(2)
    told: list[int] = []

    def tell() -> None:
        start.wait()
        try:
            told.append(promises.tell_delays())
        finally:
            connection.close()

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == [0, 1]
    assert Message.objects.count() == 1
