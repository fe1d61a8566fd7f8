"""What to ask next: the missing fact that settles most.

A fact is as decisive as the share of its possible values that would settle open rules, summed
over programmes. Values are tried one per class that the rules can tell apart: for a country, one
for all countries that the programme's lists treat alike, weighted by how many there are; the same
for the values of a choice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeAlias

from programmes.benefits import Household, open_amounts
from programmes.catalogue import Catalogue
from programmes.codes import COUNTRIES
from programmes.comparisons import (
    AtLeast,
    Below,
    EnteredBefore,
    FactIs,
    OneOf,
    OnList,
    add_months,
)
from programmes.facts import ASK_ORDER, FACTS, NEVER_ASKED, Facts, FactValue
from programmes.judging import HouseholdCase, facts_behind, facts_that_matter, rules_in_force
from programmes.model import Condition, Programme

Weighted: TypeAlias = tuple[tuple[FactValue, float], ...]


def next_question(
    catalogue: Catalogue,
    facts: Facts,
    host: str | None,
    on: date,
    skip: Collection[str] = (),
) -> str | None:
    """The missing fact to ask for next, or None when no answer could change anything.

    First what could change a verdict, then what could change an amount. `host` stands for the
    fact `host_country` where that is not known. `skip` names facts that the person does not know
    or does not want to say. Facts that are never asked are never returned.
    """
    if host is not None and facts.get("host_country") is None:
        facts = facts.with_fact("host_country", host)
    case = HouseholdCase.of(catalogue, facts, on)
    closed = NEVER_ASKED | set(skip)
    return _most_decisive(catalogue, case, closed) or _most_paying(catalogue, case, closed)


def by_decisiveness(
    programme: Programme, case: HouseholdCase, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Facts that hold a programme open, the most decisive first."""
    if len(names) < 2:
        return names
    # The order follows from the facts that the programme's rules read. Households of whom little is
    # known are alike in them, and they are the ones for whom it takes long to work out.
    key = (
        programme.id,
        case.on,
        *map(case.values.get, facts_that_matter(case.catalogue, programme)),
    )
    order = case.catalogue.orders.get(key)
    if order is None:
        weight = decisiveness(programme, case, names)
        order = tuple(sorted(names, key=lambda name: (-weight[name], ASK_ORDER[name])))
        case.catalogue.orders.keep(key, order)
    return order


def decisiveness(
    programme: Programme, case: HouseholdCase, names: Collection[str]
) -> dict[str, float]:
    """How much of what is open in a programme each fact would settle, from 0 to 1."""
    still_open = [
        rule
        for rule in rules_in_force(programme, case.on)
        if rule.weight == "decides" and case.holds(rule) is None
    ]
    return {name: _settled_by(programme, case, name, still_open) for name in names}


def _settled_by(
    programme: Programme, case: HouseholdCase, name: str, still_open: list[Condition]
) -> float:
    touched = [rule for rule in still_open if name in facts_behind(case.catalogue, rule)]
    if not touched:
        return 0.0
    settled = 0.0
    for value, share in values_to_try(case.catalogue, programme, name, case.on):
        trial = case.with_fact(name, value)
        truths = [trial.holds(rule) for rule in touched]
        gain = 1.0 if False in truths else truths.count(True) / len(still_open)
        settled += share * gain
    return settled


def _most_decisive(
    catalogue: Catalogue, case: HouseholdCase, closed: Collection[str]
) -> str | None:
    weight: dict[str, float] = {}
    for programme in catalogue:
        names = [name for name in case.open_facts(programme.id) if name not in closed]
        for name, gain in decisiveness(programme, case, names).items():
            weight[name] = weight.get(name, 0.0) + gain
    return min(weight, key=lambda name: (-weight[name], ASK_ORDER[name]), default=None)


def _most_paying(catalogue: Catalogue, case: HouseholdCase, closed: Collection[str]) -> str | None:
    count: dict[str, int] = {}
    household = Household.of(case.facts)
    for programme in catalogue:
        if case.verdict(programme.id) is not False:
            for name in open_amounts(programme, household, case):
                if name not in closed:
                    count[name] = count.get(name, 0) + 1
    return min(count, key=lambda name: (-count[name], ASK_ORDER[name]), default=None)


@lru_cache(maxsize=16384)
def values_to_try(catalogue: Catalogue, programme: Programme, name: str, on: date) -> Weighted:
    """Values of a fact, one for each class that a programme's rules can tell apart."""
    leaves = tuple(_leaves(catalogue, programme, name))
    kind = FACTS[name].kind
    if kind == "country":
        return _one_a_class(sorted(COUNTRIES), catalogue, leaves, on)
    if kind == "choice":
        return _one_a_class(FACTS[name].choices, catalogue, leaves, on)
    if kind == "flag":
        return _equally([True, False])
    if kind == "count":
        return _equally(sorted(_counts(leaves, on)))
    return _equally([on - timedelta(days=365), on + timedelta(days=30)])


def _leaves(catalogue: Catalogue, programme: Programme, name: str) -> Iterator[FactIs]:
    for expression in programme.expressions():
        if isinstance(expression, FactIs) and name in expression.facts():
            yield expression
    others = {read for condition in programme.conditions for read in condition.reads} - set(FACTS)
    for other in sorted(others):
        yield from _leaves(catalogue, catalogue.get(other), name)


def _equally(values: list[FactValue]) -> Weighted:
    return tuple((value, 1 / len(values)) for value in values)


def _one_a_class(
    values: Sequence[str], catalogue: Catalogue, leaves: tuple[FactIs, ...], on: date
) -> Weighted:
    sets: list[frozenset[FactValue]] = []
    for leaf in leaves:
        if isinstance(leaf.test, OneOf):
            sets.append(leaf.test.values)
        elif isinstance(leaf.test, OnList):
            sets.append(frozenset(catalogue.lists[leaf.test.list_name].versions.on(on) or ()))
    classes: dict[tuple[bool, ...], list[str]] = {}
    for value in values:
        classes.setdefault(tuple(value in group for group in sets), []).append(value)
    return tuple((members[0], len(members) / len(values)) for members in classes.values())


def _counts(leaves: tuple[FactIs, ...], on: date) -> set[FactValue]:
    values: set[FactValue] = {0, 1, 2}
    for leaf in leaves:
        if isinstance(leaf.test, AtLeast):
            values |= {leaf.test.least, max(leaf.test.least - 1, 0)}
        elif isinstance(leaf.test, Below):
            values |= {leaf.test.limit, max(leaf.test.limit - 1, 0)}
        elif isinstance(leaf.test, EnteredBefore):
            values |= {_months_between(leaf.test.day, on) + 2}
    return values


def _months_between(day: date, on: date) -> int:
    months = 0
    while add_months(day, months + 1) <= on:
        months += 1
    return months
