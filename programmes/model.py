"""A programme as data: who it is for, what it gives, and where each statement is from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Generic, Literal, TypeAlias, TypeVar

from programmes.logic import Expression

Confidence: TypeAlias = Literal["S", "S-old", "I"]
CONFIDENCES: tuple[Confidence, ...] = ("S", "S-old", "I")
Weight: TypeAlias = Literal["decides", "caveat", "remark"]

# Money and help, in the order in which a person meets it.
BENEFIT_KINDS = (
    "information",
    "counselling",
    "ticket",
    "escort",
    "travel_money",
    "start_money",
    "post_arrival",
    "second_start_money",
    "project",
    "post_return",
    "housing",
    "medical",
)
# Whom an amount is for. `person` is everybody; `first_person` and `further_person` divide a
# household of any ages; `household` is one amount, whatever its size.
GROUPS = ("adult", "minor", "person", "first_person", "further_person", "household")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value keyed by the day it takes effect."""

    steps: tuple[tuple[date, T], ...]

    def on(self, day: date) -> T | None:
        """The value in force on a day; None before the first."""
        value: T | None = None
        for start, step in self.steps:
            if start > day:
                break
            value = step
        return value

    def ended(self, day: date) -> bool:
        """Whether a value was in force before the day and has been taken back (null)."""
        return self.steps[:1] != () and self.steps[0][0] <= day and self.on(day) is None

    def after(self, day: date) -> tuple[tuple[date, T], ...]:
        """Changes already known that take effect after a day."""
        return tuple(step for step in self.steps if step[0] > day)


@dataclass(frozen=True, slots=True)
class Source:
    """A public text that says it. `as_of` is the year, month or day that the text shows."""

    id: str
    cite: str
    as_of: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Sourced:
    """Where a statement is from, how sure it is, and when somebody must look again.

    `confidence` is "S" (read in the source), "S-old" (read, but the text is older than a later
    change) or "I" (follows from sources without standing in one).
    """

    source: Source
    confidence: Confidence
    review_by: date


@dataclass(frozen=True, slots=True)
class Money:
    """Whole units of a currency (ISO 4217)."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class CountryList:
    """A named list of countries, by the day it takes effect."""

    id: str
    says: str
    versions: Dated[frozenset[str]]
    sourced: Sourced


@dataclass(frozen=True, eq=False)
class Condition:
    """One rule of a programme.

    `weight`: a condition that "decides" makes the verdict; a "caveat" does so only where its facts
    are known; a "remark" never does and is shown while its expression is not false.
    `id` is unique in the programme; the part before a dot is the rule's name for the chat.
    """

    id: str
    says: str
    needs: Expression
    reads: tuple[str, ...]
    weight: Weight
    sourced: Sourced
    starts: date | None = None
    ends: date | None = None
    suspends: bool = False
    line: int = 0

    @cached_property
    def rule(self) -> str:
        """The name under which the chat has a sentence."""
        return self.id.partition(".")[0]

    def in_force(self, on: date) -> bool:
        """Whether the rule applies on a day; both ends are included."""
        return (self.starts is None or self.starts <= on) and (self.ends is None or on <= self.ends)


@dataclass(frozen=True, eq=False)
class Rate:
    """One ceiling of a benefit: amounts per group, a household cap, and whom it is for."""

    id: str
    currency: str
    amounts: Mapping[str, Dated[int | None]]
    cap: Dated[int | None] | None
    when: Expression
    sourced: Sourced
    says: str = ""

    def ended(self, day: date) -> bool:
        """Whether none of its amounts is paid any longer."""
        return all(amount.ended(day) for amount in self.amounts.values())


@dataclass(frozen=True, eq=False)
class Benefit:
    """One kind of help. Without rates it is given in kind, or its amount is not published."""

    kind: str
    says: str
    when: Expression
    rates: tuple[Rate, ...]
    sourced: Sourced


@dataclass(frozen=True, eq=False)
class Programme:
    """One return-assistance programme of one host country."""

    id: str
    names: Mapping[str, str]
    also_called: tuple[str, ...]
    host_country: str
    operator: str
    decides: str
    apply_through: str
    summary: str
    valid_from: date | None
    valid_until: date | None
    owner: str
    sourced: Sourced
    conditions: tuple[Condition, ...]
    benefits: tuple[Benefit, ...]
    see_also: tuple[str, ...] = ()
    file: str = ""
    line: int = field(default=0)

    def expressions(self) -> Iterator[Expression]:
        """Every expression of the programme, with all its parts."""
        for condition in self.conditions:
            yield from condition.needs.parts()
        for benefit in self.benefits:
            yield from benefit.when.parts()
            for rate in benefit.rates:
                yield from rate.when.parts()
