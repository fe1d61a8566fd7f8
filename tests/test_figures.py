"""A figure that nobody has checked in time says so wherever it is used."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wegweiser.figures import figures
from wegweiser.rulebase import catalogue
from wegweiser.texts import languages

NOW = date(2026, 11, 23)


def due(programme: str) -> date:
    """The day by which the amounts of a programme have to be checked again."""
    return min(
        figure.review_by
        for path, figure in catalogue().figures(NOW).items()
        if path.startswith(f"{programme}.")
    )


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_past_its_review_a_date_says_that_nobody_has_checked_since(language: str) -> None:
    last = due("ch.raz")
    in_time = figures(language, last)["ch.raz.as_of"]
    late = figures(language, last + timedelta(days=1))["ch.raz.as_of"]
    assert in_time in late
    assert len(late) > len(in_time) + 10
