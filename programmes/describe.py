"""A programme in words, for people who keep the rules base."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from programmes.catalogue import Catalogue
from programmes.comparisons import (
    AtLeast,
    Below,
    Comparison,
    EnteredBefore,
    FactIs,
    OneOf,
    OnList,
    SameAs,
    WithinMonthsAfter,
)
from programmes.facts import FactValue
from programmes.logic import (
    All,
    Always,
    AnyOf,
    AuthorityMay,
    Expression,
    Not,
    OnDay,
    OtherProgramme,
)
from programmes.model import Benefit, Condition, Programme, Rate, Sourced

_FOR = {
    "adult": "an adult",
    "minor": "a minor",
    "person": "a person",
    "first_person": "for the first person",
    "further_person": "for each further person",
    "household": "for the household",
    "cap": "at most",
}


def list_lines(catalogue: Catalogue, on: date) -> Iterator[str]:
    """One line a programme: its state on a day and the changes already known."""
    for programme in catalogue:
        state = "open"
        if programme.valid_until and on > programme.valid_until:
            state = f"ended {programme.valid_until}"
        elif programme.valid_from and on < programme.valid_from:
            state = f"not yet, from {programme.valid_from}"
        name = programme.names.get("en") or next(iter(programme.names.values()), "")
        yield f"{programme.id:<24}{state:<20}{name}"
        for change in _coming(programme, on):
            yield f"{'':<24}coming: {change}"


def _coming(programme: Programme, on: date) -> Iterator[str]:
    if programme.valid_until and on <= programme.valid_until:
        yield f"ends on {programme.valid_until}"
    for condition in programme.conditions:
        if condition.starts and condition.starts > on:
            yield f"rule {condition.id} from {condition.starts}"
        if condition.ends and condition.ends >= on:
            yield f"rule {condition.id} until {condition.ends}"
    for benefit in programme.benefits:
        for rate in benefit.rates:
            for group, amounts in rate.amounts.items():
                for day, amount in amounts.after(on):
                    becomes = "no longer paid" if amount is None else amount
                    yield f"{benefit.kind} {rate.id} {group}: {becomes} from {day}"


def explain_lines(catalogue: Catalogue, programme: Programme, on: date) -> Iterator[str]:
    """Everything the rules base holds about one programme."""
    yield f"{programme.id} - " + " / ".join(dict.fromkeys(programme.names.values()))
    yield programme.summary
    yield f"Run by {programme.operator}. Decides: {programme.decides}."
    yield f"Apply through: {programme.apply_through}."
    start, end = programme.valid_from or "unknown", programme.valid_until or "further notice"
    yield f"From {start} until {end}."
    yield f"Source: {_cited(programme.sourced)}"
    for weight, title in (
        ("decides", "Conditions"),
        ("caveat", "Only where known"),
        ("remark", "To say with it"),
    ):
        rules = [rule for rule in programme.conditions if rule.weight == weight]
        if rules:
            yield f"\n{title}"
        for rule in rules:
            yield from _condition(rule, on)
    yield "\nBenefits"
    for benefit in programme.benefits:
        yield from _benefit(benefit, on)


def _condition(rule: Condition, on: date) -> Iterator[str]:
    outside = "" if rule.in_force(on) else f" (not in force on {on})"
    yield f"  {rule.id}{outside}: {rule.says}"
    yield f"      reads: {in_words(rule.needs)}"
    yield f"      {_cited(rule.sourced)}"


def _benefit(benefit: Benefit, on: date) -> Iterator[str]:
    yield f"  {benefit.kind}: {benefit.says}"
    yield f"      when: {in_words(benefit.when)}"
    for rate in benefit.rates:
        yield f"      {rate.id}: {amounts_in_words(rate, on)}; when: {in_words(rate.when)}"
        yield f"          {_cited(rate.sourced)}"
    if not benefit.rates:
        yield f"      {_cited(benefit.sourced)}"


def amounts_in_words(rate: Rate, on: date) -> str:
    """The amounts of a rate in force on a day, on one line."""
    groups = dict(rate.amounts)
    if rate.cap:
        groups["cap"] = rate.cap
    found = [(group, amounts.on(on)) for group, amounts in groups.items()]
    shown = [f"{amount:,} {_FOR[group]}" for group, amount in found if amount is not None]
    return f"{rate.currency} " + ", ".join(shown) if shown else f"no amount on {on}"


def _cited(sourced: Sourced) -> str:
    source = sourced.source
    return f"[{sourced.confidence}] {source.cite}, as of {source.as_of}"


def due_lines(catalogue: Catalogue, until: date) -> list[str]:
    """What must be reviewed until a day, the earliest first, with its owner."""
    found: set[tuple[date, str]] = set()
    for programme in catalogue:
        statements: list[tuple[str, Sourced]] = [("programme", programme.sourced)]
        statements += [(rule.id, rule.sourced) for rule in programme.conditions[1:]]
        for benefit in programme.benefits:
            statements.append((benefit.kind, benefit.sourced))
            statements += [(f"{benefit.kind}.{rate.id}", rate.sourced) for rate in benefit.rates]
        for name, sourced in statements:
            if sourced.review_by <= until:
                found.add((sourced.review_by, f"{programme.id} {name} ({programme.owner})"))
    for countries in catalogue.lists.values():
        if countries.sourced.review_by <= until:
            found.add((countries.sourced.review_by, f"list {countries.id}"))
    return [f"{day} {words}" for day, words in sorted(found)]


def in_words(expression: Expression) -> str:
    """An expression as one line to read."""
    match expression:
        case All(items):
            return " and ".join(_wrapped(item) for item in items) or "always"
        case AnyOf(items):
            return " or ".join(_wrapped(item) for item in items)
        case Not(item):
            return f"not ({in_words(item)})"
        case AuthorityMay(item):
            return f"the authority may accept: {in_words(item)}"
        case Always(value):
            return "always" if value else "never"
        case OnDay(starts, ends):
            return f"the day is from {starts or 'ever'} until {ends or 'further notice'}"
        case OtherProgramme(programme_id):
            return f"{programme_id} is possible"
        case FactIs(fact, test, when_missing):
            assumed = {True: " (missing: yes)", False: " (missing: no)", None: ""}[when_missing]
            return f"{fact} {_test_in_words(test)}{assumed}"
    return "?"


def _value_in_words(value: FactValue) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _wrapped(expression: Expression) -> str:
    words = in_words(expression)
    return f"({words})" if isinstance(expression, All | AnyOf) else words


def _test_in_words(test: Comparison) -> str:
    match test:
        case OneOf(values, negated):
            shown = ", ".join(sorted(_value_in_words(value) for value in values))
            return f"is {'not ' if negated else ''}{shown}"
        case OnList(name, negated):
            return f"is {'not ' if negated else ''}on the list {name}"
        case AtLeast(least):
            return f"is {least} or more"
        case Below(limit):
            return f"is below {limit}"
        case EnteredBefore(day):
            return f"means entry before {day}"
        case SameAs(other):
            return f"is the {other}"
        case WithinMonthsAfter(other, months):
            return f"is within {months} months after {other}"
    return "?"
