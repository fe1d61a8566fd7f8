"""The figures that texts have placeholders for, formatted for a language.

``{ch.individual.start_money.adult}`` is an amount of the rules base, ``{ch.raz.as_of}`` and
``{ch.raz.source}`` say as of when and whose information it is, ``{emergency.ch.police}`` is a
number to call. A fact stands in one place: here nothing is typed, everything is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from programmes import Catalogue, Programme
from wegweiser.rulebase import catalogue, version
from wegweiser.settings import ROOT
from wegweiser.texts import fill, word
from wegweiser.wording import as_of, money

EMERGENCY = ROOT / "content" / "emergency.yml"


class Figures(Mapping[str, str]):
    """All placeholders with their values in one language, on one day."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def __getitem__(self, key: str) -> str:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def figures(language: str, on: date | None = None) -> Figures:
    """The figures in a language on a day (today when not given); changed files are read again."""
    return _figures(language, on or date.today(), version(), EMERGENCY.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _figures(language: str, on: date, rules: int, numbers: int) -> Figures:
    known = catalogue()
    values = dict(_emergency(EMERGENCY))
    for path, figure in known.figures(on).items():
        values[path] = money(figure.money.amount, figure.money.currency, language)
    for programme in known:
        cite, date_, review_by = _whose(known, programme, on)
        said = as_of(date_, language)
        if on > review_by:
            said = fill(word(language, "not_checked_since"), {"date": said})
        values[f"{programme.id}.as_of"] = said
        values[f"{programme.id}.source"] = cite
        values[f"{programme.id}.name"] = programme.names.get(language) or programme.names["en"]
    return Figures(values)


def _whose(catalogue: Catalogue, programme: Programme, on: date) -> tuple[str, str, date]:
    """Whose information a text on a programme is, as of when, and when it had to be checked again.

    That of its first amount, if it has any; checked again by the earliest day of all of them.
    """
    own = [
        figure
        for path, figure in catalogue.figures(on).items()
        if path.startswith(f"{programme.id}.")
    ]
    if own:
        return own[0].source, own[0].as_of, min(figure.review_by for figure in own)
    sourced = programme.sourced
    return sourced.source.cite, sourced.source.as_of, sourced.review_by


def _emergency(path: Path) -> Iterator[tuple[str, str]]:
    for country, numbers in YAML(typ="safe").load(path.read_text("utf-8")).items():
        for key, entry in numbers.items():
            yield f"emergency.{country.lower()}.{key}", str(entry["number"])
