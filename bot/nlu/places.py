"""Names that are no countries: regions, permits, programmes, topics, languages, number words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError

from bot.nlu.country_names import language_files
from bot.nlu.languages import codes, languages
from bot.nlu.names import Name
from bot.nlu.normalize import fold
from bot.nlu.paths import PLACES, PROGRAMMES

_ALSO_SPOKEN = {"ku": ("kmr",), "sr": ("hr", "bs"), "fa": ("prs",)}


def other_names(folder: Path = PLACES, programmes: Path = PROGRAMMES) -> list[Name]:
    """All names from the files of `folder`, and the programmes' own."""
    names = [*_shared(folder), *_plain("programme", _programme_names(programmes))]
    letters = _read(folder / "permits.yml")["letters"]
    for code, rules in language_files(folder).items():
        names += _of_language(code, rules, letters)
    return [*names, *_language_names()]


def _shared(folder: Path) -> Iterator[Name]:
    """Names that belong to no language or to several."""
    permits = _read(folder / "permits.yml")
    yield from _plain("place", _read(folder / "regions.yml"))
    yield from _plain("status", permits["phrases"])
    yield from _letters(permits["letters"], permits["words"])
    yield from _plain("programme", _read(folder / "programmes.yml"))
    yield from _plain("topic", _read(folder / "topics.yml"))
    yield from _plain("language", _read(folder / "languages.yml")["names"])
    yield from _plain("number", _read(folder / "numbers.yml"))


def _of_language(code: str, rules: Mapping[str, Any], letters: Mapping[str, str]) -> Iterator[Name]:
    """The sections of a language's own file that are not about countries."""
    permits = rules.get("permits") or {}
    yield from _plain("place", rules.get("regions") or {}, code)
    yield from _plain("status", permits.get("phrases") or {}, code)
    yield from _letters(letters, permits.get("words") or (), code)
    yield from _plain("programme", rules.get("programmes") or {}, code)
    yield from _plain("topic", rules.get("topics") or {}, code)
    yield from _plain("language", (rules.get("languages") or {}).get("names") or {}, code)
    yield from _plain("number", rules.get("numbers") or {}, code)


def lone_letters(folder: Path = PLACES) -> dict[str, str]:
    """Permit letters that count when they are the whole message: {"f": "temporarily_admitted"}."""
    letters: dict[str, str] = _read(folder / "permits.yml")["letters"]
    return {fold(letter): value for letter, value in letters.items()}


def language_cues(folder: Path = PLACES) -> frozenset[str]:
    """Words beside which the name of a nationality is the name of a language (folded)."""
    own = [(rules.get("languages") or {}).get("cues") for rules in language_files(folder).values()]
    every = [_read(folder / "languages.yml")["cues"], *filter(None, own)]
    return frozenset(fold(str(cue)) for cues in every for cue in cues)


def _read(path: Path) -> Any:
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)


def _plain(
    entity: str, values: Mapping[Any, Sequence[Any]], language: str | None = None
) -> Iterator[Name]:
    for value, spellings in values.items():
        for spelling in spellings:
            yield Name(str(spelling), entity, str(value), language)


def _letters(
    letters: Mapping[str, str], words: Sequence[str], language: str | None = None
) -> Iterator[Name]:
    for letter, value in letters.items():
        for word in words:
            yield Name(f"{word} {letter}", "status", value, language)
            yield Name(f"{letter} {word}", "status", value, language)


def _programme_names(folder: Path) -> dict[str, list[str]]:
    """Usual and old names that the programmes' files give: `also_called`."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("??/*.yml")):
        programme = _read(path)
        if isinstance(programme, dict):
            names = [name for name in programme.get("also_called") or () if len(str(name)) > 2]
            found[programme.get("id") or f"{path.parent.name}.{path.stem}"] = names
    return found


def _language_names() -> Iterator[Name]:
    """Each language's own name, and CLDR's names of it in the others."""
    for language in languages():
        for part in language.name.split(" / "):
            yield Name(part.split(" (")[0], "language", language.code)
    for speaker in codes():
        try:
            names = Locale.parse(speaker).languages
        except UnknownLocaleError:
            continue
        for code in codes():
            for also in (code, *_ALSO_SPOKEN.get(code, ())):
                if also in names:
                    yield Name(str(names[also]), "language", code, speaker)
