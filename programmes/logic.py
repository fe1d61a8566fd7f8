"""Expressions over facts, with three values: true, false, and None for "cannot tell".

Kleene's strong logic: one false makes an `All` false and one true makes an `AnyOf` true, whatever
is missing; otherwise a missing fact leaves the answer open. Every expression can also say which
missing facts hold it open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeAlias

from programmes.facts import FactValue

Truth: TypeAlias = bool | None


class Case(Protocol):
    """One household on one day, as expressions see it."""

    @property
    def on(self) -> date: ...

    @property
    def values(self) -> Mapping[str, FactValue]:
        """The facts that are known, by name."""

    def countries(self, list_name: str) -> frozenset[str] | None:
        """The countries on a named list on the day; None where no list is held for that day."""

    def verdict(self, programme_id: str) -> Truth: ...

    def open_facts(self, programme_id: str) -> tuple[str, ...]: ...


class Expression(Protocol):
    """Something that is true, false or open for a household."""

    def truth(self, case: Case) -> Truth: ...

    def held_open_by(self, case: Case) -> Iterator[str]:
        """The missing facts that keep the truth open; nothing if it is not open."""

    def parts(self) -> Iterator[Expression]:
        """This expression and all below it."""


def all_of(truths: Iterable[Truth]) -> Truth:
    """True if all are, false if one is, else open."""
    answer: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            answer = None
    return answer


def any_of(truths: Iterable[Truth]) -> Truth:
    """True if one is, false if all are, else open."""
    answer: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            answer = None
    return answer


def negate(truth: Truth) -> Truth:
    """The opposite; what is open stays open."""
    return None if truth is None else not truth


class _Node:
    """What expressions made of others share."""

    def truth(self, case: Case) -> Truth:
        raise NotImplementedError

    def below(self) -> tuple[Expression, ...]:
        raise NotImplementedError

    def held_open_by(self, case: Case) -> Iterator[str]:
        if self.truth(case) is None:
            for child in self.below():
                yield from child.held_open_by(case)

    def parts(self) -> Iterator[Expression]:
        yield self
        for child in self.below():
            yield from child.parts()


@dataclass(frozen=True, eq=False)
class All(_Node):
    """Every one must hold."""

    items: tuple[Expression, ...]

    def below(self) -> tuple[Expression, ...]:
        return self.items

    def truth(self, case: Case) -> Truth:
        return all_of(item.truth(case) for item in self.items)


@dataclass(frozen=True, eq=False)
class AnyOf(_Node):
    """One must hold."""

    items: tuple[Expression, ...]

    def below(self) -> tuple[Expression, ...]:
        return self.items

    def truth(self, case: Case) -> Truth:
        return any_of(item.truth(case) for item in self.items)


@dataclass(frozen=True, eq=False)
class Not(_Node):
    """The opposite must hold."""

    item: Expression

    def below(self) -> tuple[Expression, ...]:
        return (self.item,)

    def truth(self, case: Case) -> Truth:
        return negate(self.item.truth(case))


@dataclass(frozen=True, eq=False)
class AuthorityMay(_Node):
    """Where this holds, an authority may accept it: open, never true. Else false."""

    item: Expression

    def below(self) -> tuple[Expression, ...]:
        return (self.item,)

    def truth(self, case: Case) -> Truth:
        return False if self.item.truth(case) is False else None


@dataclass(frozen=True, eq=False)
class Always(_Node):
    """True, or false, for everybody."""

    value: bool

    def below(self) -> tuple[Expression, ...]:
        return ()

    def truth(self, case: Case) -> Truth:
        return self.value


@dataclass(frozen=True, eq=False)
class OnDay(_Node):
    """The day of the check lies between two days, both included; an end may be open."""

    starts: date | None
    ends: date | None

    def below(self) -> tuple[Expression, ...]:
        return ()

    def truth(self, case: Case) -> Truth:
        started = self.starts is None or self.starts <= case.on
        return started and (self.ends is None or case.on <= self.ends)


@dataclass(frozen=True, eq=False)
class OtherProgramme(_Node):
    """The verdict of another programme for the same household on the same day."""

    programme_id: str

    def below(self) -> tuple[Expression, ...]:
        return ()

    def truth(self, case: Case) -> Truth:
        return case.verdict(self.programme_id)

    def held_open_by(self, case: Case) -> Iterator[str]:
        if self.truth(case) is None:
            yield from case.open_facts(self.programme_id)
