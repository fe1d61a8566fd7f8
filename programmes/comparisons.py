"""Comparisons of one fact: the leaves of expressions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from programmes.facts import FactValue
from programmes.logic import Case, Expression, Truth


class Comparison(Protocol):
    """What is asked of a known value."""

    def holds(self, value: FactValue, case: Case) -> Truth: ...

    def other_fact(self) -> str | None:
        """A second fact that the test reads."""


@dataclass(frozen=True, eq=False)
class FactIs:
    """One fact compared; `when_missing` is the answer where the fact is not known."""

    fact: str
    test: Comparison
    when_missing: Truth = None

    def truth(self, case: Case) -> Truth:
        value = case.values.get(self.fact)
        return self.when_missing if value is None else self.test.holds(value, case)

    def held_open_by(self, case: Case) -> Iterator[str]:
        if self.truth(case) is not None:
            return
        for name in self.facts():
            if name not in case.values:
                yield name

    def parts(self) -> Iterator[Expression]:
        yield self

    def facts(self) -> tuple[str, ...]:
        """The names of the facts it reads."""
        other = self.test.other_fact()
        return (self.fact, other) if other else (self.fact,)


class _OneFact:
    def other_fact(self) -> str | None:
        return None


@dataclass(frozen=True)
class OneOf(_OneFact):
    """The value is one of these."""

    values: frozenset[FactValue]
    negated: bool = False

    def holds(self, value: FactValue, case: Case) -> Truth:
        return (value in self.values) is not self.negated


@dataclass(frozen=True)
class OnList(_OneFact):
    """The country is on a named list; open where no list is held for the day."""

    list_name: str
    negated: bool = False

    def holds(self, value: FactValue, case: Case) -> Truth:
        countries = case.countries(self.list_name)
        return None if countries is None else (value in countries) is not self.negated


@dataclass(frozen=True)
class AtLeast(_OneFact):
    """The number is this or more."""

    least: int

    def holds(self, value: FactValue, case: Case) -> Truth:
        return isinstance(value, int) and value >= self.least


@dataclass(frozen=True)
class Below(_OneFact):
    """The number is less than this."""

    limit: int

    def holds(self, value: FactValue, case: Case) -> Truth:
        return isinstance(value, int) and value < self.limit


@dataclass(frozen=True)
class SameAs:
    """The value equals that of another fact."""

    other: str

    def holds(self, value: FactValue, case: Case) -> Truth:
        other = case.values.get(self.other)
        return None if other is None else value == other

    def other_fact(self) -> str | None:
        return self.other


@dataclass(frozen=True)
class WithinMonthsAfter:
    """The day is not later than so many months after another day."""

    other: str
    months: int

    def holds(self, value: FactValue, case: Case) -> Truth:
        start = case.values.get(self.other)
        if not isinstance(start, date) or not isinstance(value, date):
            return None
        return value <= add_months(start, self.months)

    def other_fact(self) -> str | None:
        return self.other


@dataclass(frozen=True)
class EnteredBefore(_OneFact):
    """Reads a stay in whole months: the person came before a day.

    Someone who has been here m whole months came between m and m+1 months ago; where the day lies
    in between, the answer is open.
    """

    day: date

    def holds(self, value: FactValue, case: Case) -> Truth:
        if not isinstance(value, int):
            return None
        latest = add_months(case.on, -value)
        earliest = add_months(case.on, -value - 1) + timedelta(days=1)
        if latest < self.day:
            return True
        return False if earliest >= self.day else None


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier), or the last day of a shorter month."""
    month_number = max(day.year * 12 + day.month - 1 + months, 12)
    year, month = divmod(month_number, 12)
    if year > date.max.year - 1:
        return date.max
    next_month = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (next_month - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
