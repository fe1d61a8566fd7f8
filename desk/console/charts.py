"""Figures as bars beside a table: the same rows for the page and for the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext

from desk.figures import FEWEST

MOST_BARS = 15
"""Groups with a bar of their own; the rest is one."""
HIDDEN = "—"
"""Instead of a number from which, with the sum of all, that of a smaller group could be told."""
LONGEST = 100
"""Width of the longest bar, in the units of its drawing."""


@dataclass(frozen=True)
class Bar:
    """One row of a chart."""

    label: str
    shown: str
    """The number, "<5" or ``HIDDEN``."""
    length: int
    """0 to ``LONGEST``; of what is not told always the same, so that it tells no more."""


@dataclass(frozen=True)
class Chart:
    """A table with bars."""

    name: str
    """For the file and for links; the same in every language."""
    title: str | Promise
    head: str | Promise
    bars: list[Bar]
    is_timeline: bool = False


def shown(number: int) -> str:
    """A number of people as it may be seen."""
    return f"<{FEWEST}" if 0 < number < FEWEST else str(number)


def groups(
    name: str,
    title: str | Promise,
    head: str | Promise,
    rows: Iterable[tuple[str, int]],
    word: Callable[[str], str],
) -> Chart:
    """Groups of people, the largest first; the smallest together."""
    found = list(rows)
    few, rest = found[:MOST_BARS], sum(number for _, number in found[MOST_BARS:])
    labelled = [(word(code) or gettext("not known"), number) for code, number in few]
    if rest:
        labelled.append((gettext("all others"), rest))
    return Chart(name, title, head, _bars(labelled))


def told(
    name: str, title: str | Promise, head: str | Promise, rows: Iterable[tuple[str, int | None]]
) -> Chart:
    """Groups in their own order; of some (None) it may not be told how many they are."""
    found = list(rows)
    longest = max((number or 0 for _, number in found), default=0)
    # Where nothing may be told, perhaps because there is nothing, bars would look like something.
    few = _length(1, max(longest, FEWEST)) if longest else 0
    bars = [
        Bar(label, shown(1), few)
        if number is None
        else Bar(label, shown(number), _length(number, max(longest, FEWEST)))
        for label, number in found
    ]
    return Chart(name, title, head, bars)


def timeline(
    name: str, title: str | Promise, head: str | Promise, rows: Iterable[tuple[date, int]]
) -> Chart:
    """Numbers over time."""
    dated = [(date_format(day, "SHORT_DATE_FORMAT"), number) for day, number in rows]
    return Chart(name, title, head, _bars(dated), is_timeline=True)


def _bars(rows: list[tuple[str, int]]) -> list[Bar]:
    numbers = [number for _, number in rows]
    longest = max([FEWEST, *numbers])
    also_hidden = _to_hide_beside(numbers)
    return [
        Bar(label, HIDDEN, _length(1, longest))
        if at == also_hidden
        else Bar(label, shown(number), _length(number, longest))
        for at, (label, number) in enumerate(rows)
    ]


def _to_hide_beside(numbers: list[int]) -> int | None:
    """Which group must not be told, either, because the small ones would follow: the smallest.

    The sum of all is known, from the page or from another chart. So is then the sum of the small
    ones: one alone has that number, and of several that sum up to the least or the most each has.
    """
    small = [number for number in numbers if 0 < number < FEWEST]
    others = [at for at, number in enumerate(numbers) if number >= FEWEST]
    follow = len(small) == 1 or sum(small) in {len(small), len(small) * (FEWEST - 1)}
    return min(others, key=lambda at: numbers[at]) if small and follow and others else None


def _length(number: int, longest: int) -> int:
    if not number:
        return 0
    return max(1, round(LONGEST * max(number, FEWEST - 1) / longest))
