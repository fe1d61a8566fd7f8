"""Facts are read strictly, and every problem is named at once."""

from __future__ import annotations

from datetime import date

import pytest

from programmes import FACTS, FactError, Facts


def test_known_values_are_read_and_null_is_not_known() -> None:
    facts = Facts.read(
        {"nationality": "XK", "adults": 2, "dublin": None, "refused_on": "2026-05-04"}
    )
    assert facts.get("nationality") == "XK"
    assert facts.get("dublin") is None
    assert facts.get("refused_on") == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host_country", "AT"),
        ("nationality", "af"),
        ("nationality", "Afghanistan"),
        ("status", "asylum"),
        ("adults", -1),
        ("adults", 1.0),
        ("adults", True),
        ("minors", "2"),
        ("dublin", "yes"),
        ("dublin", 1),
        ("departure_on", "04.05.2026"),
        ("departure_on", "2026-02-30"),
        ("canton", "BY"),
        ("land", "ZZ"),
        ("status", ["protected"]),
    ],
)
def test_other_values_are_refused_with_the_remedy(name: str, value: object) -> None:
    with pytest.raises(FactError) as caught:
        Facts.read({name: value})
    assert str(caught.value).startswith(f"{name}: {value!r} is not ")
    assert FACTS[name].expected() in str(caught.value)


def test_all_problems_at_once_with_a_hint_for_a_slip() -> None:
    with pytest.raises(FactError) as caught:
        Facts.read({"nationalty": "AF", "status": "none", "adults": 0, "minors": 0})
    assert len(caught.value.problems) == 3
    assert "Did you mean nationality?" in caught.value.problems[0]
    assert "At least one person must return" in caught.value.problems[2]
