from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from desk.office_hours import OfficeHours, OfficeHoursError
from desk.requests import parse_reference
from wegweiser.texts import TextsError, fill, read
from wegweiser.wording import as_of, country_name, money
from wegweiser.workdays import add_working_days

ZURICH = ZoneInfo("Europe/Zurich")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "CHF 1,000"), ("de", "CHF 1’000"), ("ar", "CHF 1,000")],
)
def test_money_is_written_as_the_language_does(language: str, expected: str) -> None:
    assert money(1000, "CHF", language).replace("\u00a0", " ") == expected


def test_a_source_is_dated_no_more_exactly_than_it_is() -> None:
    assert as_of("2025", "en") == "2025"
    assert as_of("2025-07", "de") == "Juli 2025"
    assert as_of("2026-08-08", "fr") == "8 août 2026"


def test_countries_have_names_in_every_language_even_where_cldr_has_none() -> None:
    assert country_name("XK", "ar") == "كوسوفو"
    assert country_name("AF", "so") == "Afgaanistaan"


@pytest.mark.parametrize(
    ("start", "days", "country", "expected"),
    [
        (date(2026, 11, 20), 1, "CH", date(2026, 11, 23)),  # over a weekend
        (date(2026, 7, 31), 1, "CH", date(2026, 8, 3)),  # 1 August is a Saturday
        (date(2026, 10, 2), 1, "DE", date(2026, 10, 5)),  # 3 October is a Saturday
        (date(2026, 12, 24), 1, "DE", date(2026, 12, 28)),  # two days of Christmas
        (date(2026, 5, 13), 1, "CH", date(2026, 5, 15)),  # Ascension
    ],
)
def test_working_days(start: date, days: int, country: str, expected: date) -> None:
    assert add_working_days(start, days, country) == expected


def test_office_hours_tell_the_next_opening_over_a_weekend() -> None:
    hours = OfficeHours.parse("Mon-Fri 09:00-17:00", ZURICH)
    friday_evening = datetime(2026, 11, 20, 18, 0, tzinfo=ZURICH)
    assert not hours.open_at(friday_evening)
    assert hours.next_opening(friday_evening) == datetime(2026, 11, 23, 9, 0, tzinfo=ZURICH)
    assert hours.open_at(datetime(2026, 11, 23, 8, 30, tzinfo=timezone.utc))


@pytest.mark.parametrize("text", ["", "Mo-Fr 9-17", "Mon-Fri 17:00-09:00", "Fri-Mon 09:00-17:00"])
def test_office_hours_that_are_not_understood_say_how_to_write_them(text: str) -> None:
    with pytest.raises(OfficeHoursError, match="DESK_HOURS"):
        OfficeHours.parse(text, ZURICH)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("K7M-4Q2", "K7M-4Q2"),
        ("what about k7m 4q2 please", "K7M-4Q2"),
        ("my number: K7M4Q2.", "K7M-4Q2"),
        ("the man had a cat", ""),
        ("not now", ""),
    ],
)
def test_a_reference_is_found_as_people_type_it(text: str, expected: str) -> None:
    assert parse_reference(text) == expected


def test_fill_puts_values_into_placeholders_with_dots() -> None:
    assert fill("up to {a.b.c}, {d}", {"a.b.c": "1", "d": "2"}) == "up to 1, 2"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("language: en\nresponses:\n  a: [\n", "not valid YAML"),
        ("language: en\n", "section buttons, words, chat, responses missing"),
        (
            "language: en\nbuttons: {}\nwords: {}\nchat: {}\nresponses:\n  utter_x: hello\n",
            "responses.utter_x: needs a list",
        ),
    ],
)
def test_a_broken_text_file_says_where_and_what_to_do(tmp_path, content, message) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "en.yml"
    path.write_text(content)
    with pytest.raises(TextsError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value)
