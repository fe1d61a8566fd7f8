"""Three-valued logic and the comparisons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from programmes.comparisons import (
    AtLeast,
    Below,
    EnteredBefore,
    FactIs,
    OneOf,
    OnList,
    SameAs,
    WithinMonthsAfter,
    add_months,
)
from programmes.facts import FactValue
from programmes.logic import (
    All,
    AnyOf,
    AuthorityMay,
    Not,
    OnDay,
    Truth,
    all_of,
    any_of,
    negate,
)


@dataclass
class Amina:
    """A household of which only what a test names is known."""

    values: dict[str, FactValue] = field(default_factory=dict)
    on: date = date(2026, 11, 22)
    lists: dict[str, frozenset[str]] = field(default_factory=dict)

    def countries(self, list_name: str) -> frozenset[str] | None:
        return self.lists.get(list_name)

    def verdict(self, programme_id: str) -> Truth:
        return None

    def open_facts(self, programme_id: str) -> tuple[str, ...]:
        return ("status",)


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_kleene_tables(left: Truth, right: Truth, both: Truth, either: Truth) -> None:
    assert all_of([left, right]) is all_of([right, left]) is both
    assert any_of([left, right]) is any_of([right, left]) is either
    assert negate(both) is any_of([negate(left), negate(right)])


def test_nothing_to_meet_is_met() -> None:
    assert all_of([]) is True
    assert any_of([]) is False


def test_missing_fact_is_open_and_named() -> None:
    wish = FactIs("status", OneOf(frozenset({"protected"})))
    assert wish.truth(Amina()) is None
    assert list(wish.held_open_by(Amina())) == ["status"]
    assert list(wish.held_open_by(Amina({"status": "tolerated"}))) == []


def test_only_what_still_matters_is_named() -> None:
    settled = FactIs("status", OneOf(frozenset({"protected"})))
    other = FactIs("adults", AtLeast(2))
    case = Amina({"status": "protected"})
    assert list(AnyOf((settled, other)).held_open_by(case)) == []
    assert list(All((settled, other)).held_open_by(case)) == ["adults"]
    assert list(Not(other).held_open_by(case)) == ["adults"]


def test_authority_may_is_never_a_yes() -> None:
    special = AuthorityMay(FactIs("special_need", OneOf(frozenset({True}))))
    assert special.truth(Amina({"special_need": True})) is None
    assert list(special.held_open_by(Amina({"special_need": True}))) == []
    assert special.truth(Amina({"special_need": False})) is False
    assert list(special.held_open_by(Amina())) == ["special_need"]


def test_same_as_needs_both() -> None:
    home = FactIs("destination", SameAs("nationality"))
    assert home.truth(Amina({"destination": "AF"})) is None
    assert list(home.held_open_by(Amina({"destination": "AF"}))) == ["nationality"]
    assert home.truth(Amina({"destination": "AF", "nationality": "AF"})) is True
    assert home.truth(Amina({"destination": "TR", "nationality": "AF"})) is False


def test_list_that_is_not_held_for_the_day_is_open_without_a_question() -> None:
    listed = FactIs("nationality", OnList("shp"))
    case = Amina({"nationality": "RU"})
    assert listed.truth(case) is None
    assert list(listed.held_open_by(case)) == []
    case.lists["shp"] = frozenset({"RU"})
    assert listed.truth(case) is True
    assert FactIs("nationality", OnList("shp", negated=True)).truth(case) is False


@pytest.mark.parametrize(("months", "enough"), [(5, False), (6, True), (7, True)])
def test_numbers_at_their_edge(months: int, enough: bool) -> None:
    case = Amina({"stay_months": months})
    assert FactIs("stay_months", AtLeast(6)).truth(case) is enough
    assert FactIs("stay_months", Below(6)).truth(case) is not enough


@pytest.mark.parametrize(
    ("months", "before"),
    [(114, False), (115, None), (116, True), (0, False), (10**6, True)],
)
def test_entry_is_worked_out_from_the_stay(months: int, before: Truth) -> None:
    # 115 whole months before 22.11.2026 is 22.04.2017; 116 is 22.03.2017.
    entered = EnteredBefore(date(2017, 4, 1))
    assert entered.holds(months, Amina()) is before


@pytest.mark.parametrize(
    ("left_on", "in_time"), [(date(2026, 3, 31), True), (date(2026, 4, 1), False)]
)
def test_two_months_after_end_of_january_is_end_of_march(left_on: date, in_time: bool) -> None:
    case = Amina({"refused_on": date(2026, 1, 31), "departure_on": left_on})
    assert FactIs("departure_on", WithinMonthsAfter("refused_on", 2)).truth(case) is in_time


def test_months_that_are_too_short_end_early() -> None:
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2024, 6, 30), False),
        (date(2024, 7, 1), True),
        (date(2025, 6, 30), True),
        (date(2025, 7, 1), False),
    ],
)
def test_both_ends_of_a_period_are_inside(day: date, inside: bool) -> None:
    period = OnDay(date(2024, 7, 1), date(2025, 6, 30))
    assert period.truth(Amina(on=day)) is inside
