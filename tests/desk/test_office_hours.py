"""When the desk is staffed, across weekends and the change of the clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from desk.office_hours import OfficeHours, OfficeHoursError

ZURICH = ZoneInfo("Europe/Zurich")
UTC = ZoneInfo("UTC")
WEEK = OfficeHours.parse("Mon-Fri 09:00-17:00; Sat 10:00-12:00", ZURICH)


def at(text: str, zone: ZoneInfo = ZURICH) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 08:59", False),  # Monday
        ("2026-11-23 09:00", True),
        ("2026-11-23 16:59", True),
        ("2026-11-23 17:00", False),
        ("2026-11-28 11:00", True),  # Saturday
        ("2026-11-28 13:00", False),
        ("2026-11-29 11:00", False),  # Sunday
    ],
)
def test_open(moment: str, is_open: bool) -> None:
    assert WEEK.open_at(at(moment)) is is_open


def test_the_moment_may_come_in_any_zone() -> None:
    assert WEEK.open_at(at("2026-11-23 08:00", UTC))  # nine in Zurich
    assert not WEEK.open_at(at("2026-11-23 07:59", UTC))


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23 07:00", "2026-11-23 09:00"),
        ("2026-11-23 10:00", "2026-11-23 10:00"),  # open now
        ("2026-11-23 18:00", "2026-11-24 09:00"),
        ("2026-11-27 17:00", "2026-11-28 10:00"),  # Friday evening
        ("2026-11-28 12:00", "2026-11-30 09:00"),  # Saturday noon
    ],
)
def test_next_opening(moment: str, opens: str) -> None:
    assert WEEK.next_opening(at(moment)) == at(opens)


def test_only_one_day_a_week_is_found_a_week_ahead() -> None:
    monday = OfficeHours.parse("Mon 09:00-10:00", ZURICH)
    assert monday.next_opening(at("2026-11-23 10:00")) == at("2026-11-30 09:00")


@pytest.mark.parametrize(
    ("friday", "monday_in_utc"),
    [
        ("2026-03-27 18:00", "2026-03-30 07:00"),  # the clock went forward on Sunday
        ("2026-10-23 18:00", "2026-10-26 08:00"),  # and back
    ],
)
def test_nine_in_the_morning_is_nine_after_the_clock_has_changed(
    friday: str, monday_in_utc: str
) -> None:
    weekdays = OfficeHours.parse("Mon-Fri 09:00-17:00", ZURICH)
    opening = weekdays.next_opening(at(friday))
    assert (opening.hour, opening.weekday()) == (9, 0)
    assert opening.astimezone(UTC) == at(monday_in_utc, UTC)


def test_the_day_of_the_change_itself_keeps_its_hours() -> None:
    sundays = OfficeHours.parse("Sun 01:00-04:00", ZURICH)
    assert sundays.open_at(at("2026-10-25 00:30", UTC))  # 02:30, the first time
    assert sundays.open_at(at("2026-10-25 01:30", UTC))  # 02:30, the second time
    assert not sundays.open_at(at("2026-10-25 03:00", UTC))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ; ",
        "Mo-Fr 9-17",
        "Mon-Fri 09:00",
        "Fri-Mon 09:00-17:00",
        "Mon 17:00-09:00",
        "Mon 09:00-09:00",
        "Mon-Fri 25:00-26:00",
        "Foo 09:00-17:00",
    ],
)
def test_a_mistake_is_named_with_an_example(text: str) -> None:
    with pytest.raises(OfficeHoursError, match=r"DESK_HOURS.*Write"):
        OfficeHours.parse(text, ZURICH)
