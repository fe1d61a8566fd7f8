"""Reference numbers and figures, by their shape."""

from __future__ import annotations

import pytest

from bot.nlu.patterns import figures, references


@pytest.mark.parametrize(
    "text",
    [
        "K7M-4Q2",
        "k7m-4q2",
        "K7M 4Q2",
        "k7m4q2",
        "my number is K7M–4Q2.",
        "(k7m 4q2)",
        "رقم K7M-4Q2",
    ],
)
def test_a_reference_however_typed(text: str) -> None:
    assert [found.value for found in references(text)] == ["K7M-4Q2"]


@pytest.mark.parametrize(
    "text",
    [
        "the 3rd day",
        "non oui",
        "200 EUR",
        "200EUR",
        "2023-2024",
        "222-333",
        "aide mon ami",
        "sie hat das",
        "ABC-DEF-GHJ",
        "K0M-4Q2",
        "KIM-4Q2O",
        "XK7M-4Q2",
    ],
)
def test_what_is_no_reference(text: str) -> None:
    assert list(references(text)) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2 children", [2]),
        ("3'000 Franken", [3000]),
        ("1.500 Euro und 2 500", [1500, 2500]),
        ("1500.50", [1500]),
        ("٣ أطفال و ۴", [3, 4]),
        ("१२", [12]),
        ("12.5.2024", []),
        ("F5", []),
        ("no numbers", []),
        ("9" * 5000, []),
    ],
)
def test_figures(text: str, values: list[int]) -> None:
    assert [found.value for found in figures(text)] == values


def test_places_are_those_of_the_text() -> None:
    text = "عندي ٣ أطفال"
    (found,) = figures(text)
    assert text[found.start : found.end] == "٣"
