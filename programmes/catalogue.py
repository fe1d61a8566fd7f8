"""All programmes, country lists and sources, as one value that is read and never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from programmes.model import Confidence, CountryList, Money, Programme, Rate, Sourced


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount for a text: the money, where it is from, as of when, and how sure."""

    money: Money
    source: str
    as_of: str
    confidence: Confidence
    review_by: date


class Remembered(dict[tuple[object, ...], tuple[str, ...]]):
    """What was worked out from a catalogue before. It forgets everything when it is full."""

    most = 20_000

    def keep(self, key: tuple[object, ...], found: tuple[str, ...]) -> None:
        """Remember what was found."""
        if len(self) >= self.most:
            self.clear()
        self[key] = found


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The rules base on which households are checked. Made by :func:`programmes.load`."""

    programmes: tuple[Programme, ...]
    lists: Mapping[str, CountryList]
    orders: Remembered = field(default_factory=Remembered, repr=False)

    def __iter__(self) -> Iterator[Programme]:
        return iter(self.programmes)

    def get(self, programme_id: str) -> Programme:
        """A programme by its id.

        Raises:
            KeyError: no programme has this id; the message names those that exist.
        """
        for programme in self.programmes:
            if programme.id == programme_id:
                return programme
        known = ", ".join(programme.id for programme in self.programmes)
        raise KeyError(f"There is no programme {programme_id!r}. Programmes: {known}.")

    def names(self) -> dict[str, tuple[str, ...]]:
        """Every name of each programme - official, abbreviated, former - for finding it in text."""
        return {
            programme.id: tuple(dict.fromkeys((*programme.names.values(), *programme.also_called)))
            for programme in self.programmes
        }

    def figure(self, path: str, on: date) -> Figure:
        """An amount in force on a day, for a placeholder in a text.

        `path` is `<programme id>.<kind>.<group>` for the first rate of a benefit, for example
        "ch.individual.start_money.adult", or `<programme id>.<kind>.<rate>.<group>` for another
        one; the group is one of :data:`programmes.model.GROUPS` or `cap`.

        Raises:
            KeyError: no such amount, or none in force on the day; the message says which exist.
        """
        figures = self.figures(on)
        if path not in figures:
            home = ".".join(path.split(".")[:2])
            near = ", ".join(key for key in figures if key.startswith(home + ".")) or "none"
            raise KeyError(f"There is no figure {path!r} on {on}. Figures of {home}: {near}.")
        return figures[path]

    def figures(self, on: date) -> dict[str, Figure]:
        """All amounts in force on a day, by path."""
        found: dict[str, Figure] = {}
        for programme in self.programmes:
            for benefit in programme.benefits:
                for number, rate in enumerate(benefit.rates):
                    for group, figure in _figures(rate, on):
                        if number == 0:
                            found[f"{programme.id}.{benefit.kind}.{group}"] = figure
                        found[f"{programme.id}.{benefit.kind}.{rate.id}.{group}"] = figure
        return found


def _figures(rate: Rate, on: date) -> Iterator[tuple[str, Figure]]:
    amounts = dict(rate.amounts)
    if rate.cap:
        amounts["cap"] = rate.cap
    for group, dated in amounts.items():
        amount = dated.on(on)
        if amount is not None:
            yield group, _figure(Money(amount, rate.currency), rate.sourced)


def _figure(money: Money, sourced: Sourced) -> Figure:
    source = sourced.source
    return Figure(money, source.cite, source.as_of, sourced.confidence, sourced.review_by)
