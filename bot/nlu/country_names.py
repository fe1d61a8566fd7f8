"""Names of countries and nationalities: CLDR's in every language, and content/places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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

NOT_STATES = frozenset(
    "AC AS AQ AX BL BM BQ BV CC CK CP CQ CW CX DG EA EU EZ FK FO GF GG GI GP GS GU HK HM IC IM IO "
    "JE KY MF MO MP MQ MS NC NF NU PF PM PN PR QO RE SH SJ SX TA TC TF TK UM UN VG VI WF YT XA "
    "XB ZZ".split()
)
"""Territories nobody is a national of. Their names are everyday words too often (réunion, man)."""



@dataclass(frozen=True)
class OnlyAfter:
    """Words that are a country only when one of `after` stands before them (folded)."""

    words: frozenset[str]
    after: frozenset[str]


def country_names(folder: Path = PLACES) -> list[Name]:
    """All names of countries and nationalities in all languages. The curated ones come first."""
    names: list[Name] = []
    for code in codes():
        path = folder / f"{code}.yml"
        if path.exists():
            names += _curated(code, yaml.safe_load(path.read_text(encoding="utf-8")))
    for code in codes():
        path = folder / f"{code}.yml"
        rules = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
        names += _from_cldr(code, rules)
    return names


def prefixes(folder: Path = PLACES) -> tuple[str, ...]:
    """What is written together with a following name, in all languages; the longest first."""
    found: set[str] = set()
    for path in sorted(folder.glob("??.yml")):
        found.update(yaml.safe_load(path.read_text(encoding="utf-8")).get("prefixes") or ())
    return tuple(sorted(map(fold, found), key=lambda prefix: (-len(prefix), prefix)))


def only_after(folder: Path = PLACES) -> OnlyAfter:
    """From all languages' files together."""
    found_words: set[str] = set()
    after: set[str] = set()
    for path in sorted(folder.glob("??.yml")):
        rule = yaml.safe_load(path.read_text(encoding="utf-8")).get("only_after") or {}
        found_words.update(map(fold, rule.get("words", ())))
        after.update(map(fold, rule.get("after", ())))
    return OnlyAfter(frozenset(found_words), frozenset(after))


def _curated(code: str, rules: Mapping[str, Any]) -> Iterator[Name]:
    for phrase in rules.get("not_countries", ()):
        yield Name(phrase, COUNTRY, None, code)
    for kind, key in (("country", "countries"), ("nationality", "nationalities")):
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
