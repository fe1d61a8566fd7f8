"""Names of countries and nationalities: CLDR's in every language, and content/places."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError

from bot.nlu.languages import codes
from bot.nlu.names import Name
from bot.nlu.normalize import fold
from bot.nlu.paths import PLACES

COUNTRY = "country"

_NOT_STATES = """
AC AS AQ AX BL BM BQ BV CC CK CP CQ CW CX DG EA EU EZ FK FO GF GG GI GP GS
GU HK HM IC IM IO JE KY MF MO MP MQ MS NC NF NU PF PM PN PR QO RE SH SJ SX
TA TC TF TK UM UN VG VI WF YT XA XB ZZ
"""
NOT_STATES = frozenset(_NOT_STATES.split())
"""Territories nobody is a national of. Their names are everyday words too often (réunion, man)."""


_SECTIONS = (
    ("country", "countries"),
    ("nationality", "nationalities"),
    ("as it is", "romanised"),
    ("as it is", "romanised_nationalities"),
)
"""What a language's file may hold, and the endings that apply."""


@dataclass(frozen=True)
class OnlyAfter:
    """Words that are a country only beside a word that says so; all folded."""

    words: frozenset[str]
    small: frozenset[str]
    """Only so when written small: china, turkey."""
    after: frozenset[str]
    """A country follows these: from, to."""
    before: frozenset[str]
    """A country precedes these: ته, هستم."""

    def asks(self, folded: str, written: str) -> bool:
        """Whether this word needs one of `after` before it or one of `before` after it."""
        return folded in self.words or (folded in self.small and written[:1].islower())


def country_names(folder: Path = PLACES, *, nationalities: bool = True) -> list[Name]:
    """All names of countries, and of nationalities, in all languages. The curated come first."""
    rules = language_files(folder)
    sections = [s for s in _SECTIONS if nationalities or "nationalities" not in s[1]]
    names: list[Name] = []
    for code, of_language in rules.items():
        names += _curated(code, of_language, sections)
    for code in codes():
        names += _from_cldr(code, rules.get(code, {}))
    return names


def prefixes(folder: Path = PLACES) -> tuple[str, ...]:
    """What is written together with a following name, in all languages; the longest first."""
    found: set[str] = set()
    for rules in language_files(folder).values():
        found.update(rules.get("prefixes") or ())
    return tuple(sorted(map(fold, found), key=lambda prefix: (-len(prefix), prefix)))


def only_after(folder: Path = PLACES) -> OnlyAfter:
    """From all languages' files together."""
    found: dict[str, set[str]] = {key: set() for key in ("words", "small", "after", "before")}
    for rules in language_files(folder).values():
        rule = rules.get("only_after") or {}
        for key, values in found.items():
            values.update(map(fold, rule.get(key, ())))
    return OnlyAfter(**{key: frozenset(values) for key, values in found.items()})


@functools.lru_cache(maxsize=2)
def language_files(folder: Path) -> dict[str, Any]:
    """What stands in the file of each language that has one."""
    paths = {code: folder / f"{code}.yml" for code in codes()}
    return {
        code: yaml.load(path.read_bytes(), yaml.CSafeLoader)
        for code, path in paths.items()
        if path.exists()
    }


def _curated(
    code: str, rules: Mapping[str, Any], sections: Sequence[tuple[str, str]]
) -> Iterator[Name]:
    for phrase in rules.get("not_countries", ()):
        yield Name(phrase, COUNTRY, None, code)
    for kind, key in sections:
        for country, spellings in rules.get(key, {}).items():
            for spelling in spellings:
                for form in _forms(spelling, kind, rules):
                    yield Name(form, COUNTRY, _iso(country), code)


def _from_cldr(code: str, rules: Mapping[str, Any]) -> Iterator[Name]:
    try:
        territories: Mapping[str, str] = Locale.parse(code).territories
    except UnknownLocaleError:
        return
    for country, spelling in territories.items():
        if len(country) != 2 or country in NOT_STATES:
            continue
        plain = spelling.split(" (")[0]
        for form in _forms(plain, "country", rules):
            yield Name(form, COUNTRY, country, code)
        if plain.startswith("Republik "):
            yield Name(plain.removeprefix("Republik "), COUNTRY, country, code)


def _iso(key: object) -> str:
    """YAML reads NO as "no": Norway."""
    return "NO" if key is False else str(key)


def _forms(spelling: str, kind: str, rules: Mapping[str, Any]) -> list[str]:
    """The spelling in its inflected forms; prefixes are taken off when a text is read."""
    endings: Mapping[str, list[str]] = rules.get("endings", {}).get(kind, {"": [""]})
    ending = max((e for e in endings if spelling.endswith(e)), key=len, default=None)
    inflected = [spelling]
    if ending is not None:
        stem = spelling[: len(spelling) - len(ending)]
        inflected += [stem + other for other in endings[ending]]
    article: str = rules.get("article", "")
    if article:
        inflected += [form.removeprefix(article) for form in inflected if form.startswith(article)]
    return list(dict.fromkeys(inflected))
