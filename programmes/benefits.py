"""What a household could be paid at most: amounts per group, household caps, parts.

Where a fact is missing the answer is the most that could be paid:

* of several rates, the highest whose condition is not false;
* where the household's size is not known, the household cap; without a cap, the amount for one
  person, marked `for: person`;
* where only the number of minors is missing and there is no cap, the amount for the adults.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from programmes.facts import ASK_ORDER, Facts
from programmes.logic import Case
from programmes.model import Benefit, Money, Programme, Rate, Sourced

Scope: TypeAlias = Literal["household", "person"]


@dataclass(frozen=True, slots=True)
class Household:
    """How many return together; None where it is not known."""

    adults: int | None
    minors: int | None

    @staticmethod
    def of(facts: Facts) -> Household:
        """The household in the facts."""
        adults, minors = facts.get("adults"), facts.get("minors")
        return Household(
            adults if isinstance(adults, int) else None,
            minors if isinstance(minors, int) else None,
        )

    @property
    def complete(self) -> bool:
        """Whether the size is known."""
        return self.adults is not None and self.minors is not None

    @property
    def persons(self) -> int | None:
        """All who return together; the adults where the minors are not known."""
        return None if self.adults is None else self.adults + (self.minors or 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One group of a household: how many, and how much for each (None: not known)."""

    who: str
    count: int | None
    each: Money


@dataclass(frozen=True, slots=True)
class Payment:
    """A benefit for one household. `up_to` is None for help in kind and unpublished amounts."""

    kind: str
    up_to: Money | None
    scope: Scope
    parts: tuple[Part, ...]
    cap: Money | None
    sourced: Sourced
    says: str
    rate: str = ""


def payment(benefit: Benefit, household: Household, case: Case) -> Payment | None:
    """The most that a benefit could pay to a household, or None if it is not for it."""
    if benefit.when.truth(case) is False:
        return None
    if not benefit.rates:
        return Payment(benefit.kind, None, "household", (), None, benefit.sourced, benefit.says)
    possible = [
        _at_rate(benefit, rate, household, case.on)
        for rate in benefit.rates
        if not rate.ended(case.on) and rate.when.truth(case) is not False
    ]
    return max(possible, key=_size, default=None)


def _size(paid: Payment) -> int:
    return -1 if paid.up_to is None else paid.up_to.amount


def _at_rate(benefit: Benefit, rate: Rate, household: Household, on: date) -> Payment:
    parts = tuple(_parts(rate, household, on))
    cap = rate.cap.on(on) if rate.cap else None
    amount, scope = _total(parts, household, cap)
    return Payment(
        kind=benefit.kind,
        up_to=None if amount is None else Money(amount, rate.currency),
        scope=scope,
        parts=parts,
        cap=None if cap is None else Money(cap, rate.currency),
        sourced=rate.sourced,
        says=rate.says or benefit.says,
        rate=rate.id,
    )


def _total(
    parts: tuple[Part, ...], household: Household, cap: int | None
) -> tuple[int | None, Scope]:
    if not parts:
        return None, "household"
    total = sum(part.each.amount * (part.count or 0) for part in parts)
    if household.complete or all(part.who == "household" for part in parts):
        return (total if cap is None else min(total, cap)), "household"
    if cap is not None:
        return cap, "household"
    if household.adults:
        return total, "household"
    return max(part.each.amount for part in parts), "person"


def _parts(rate: Rate, household: Household, on: date) -> Iterator[Part]:
    for group, count in _counts(household):
        dated = rate.amounts.get(group)
        amount = dated.on(on) if dated else None
        if amount is not None and count != 0:
            yield Part(group, count, Money(amount, rate.currency))


def _counts(household: Household) -> Iterator[tuple[str, int | None]]:
    persons = household.persons
    further = None if persons is None else persons - 1
    yield "adult", household.adults
    yield "minor", household.minors
    yield "person", persons
    yield "first_person", None if persons is None else min(persons, 1)
    yield "further_person", further if household.complete or further else None
    yield "household", 1


def open_amounts(programme: Programme, household: Household, case: Case) -> tuple[str, ...]:
    """The missing facts that could change what a programme pays, in the order of asking."""
    names: set[str] = set()
    for benefit in programme.benefits:
        if benefit.when.truth(case) is False:
            continue
        names.update(benefit.when.held_open_by(case))
        for rate in benefit.rates:
            if rate.ended(case.on) or rate.when.truth(case) is False:
                continue
            names.update(rate.when.held_open_by(case))
            if set(rate.amounts) != {"household"}:
                names.update(_unknown_size(household))
    return tuple(sorted(names, key=ASK_ORDER.__getitem__))


def _unknown_size(household: Household) -> tuple[str, ...]:
    sizes = {"adults": household.adults, "minors": household.minors}
    return tuple(name for name, size in sizes.items() if size is None)
