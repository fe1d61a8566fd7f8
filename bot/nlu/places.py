"""Names that are no countries: regions, permits, programmes, topics, languages, number words."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    permits = _read(folder / "permits.yml")
    return [
        *_plain("place", _joined("regions", folder)),
        *_plain("status", _merged([permits["phrases"], *_own("permits", "phrases", folder)])),
        *_letters(permits["letters"], [permits["words"], *_own("permits", "words", folder)]),
        *_plain("programme", _programme_names(programmes)),
        *_plain("programme", _joined("programmes", folder)),
        *_plain("topic", _joined("topics", folder)),
        *_language_names(_merged(_language_parts("names", folder))),
        *_plain("number", _joined("numbers", folder)),
    ]


def lone_letters(folder: Path = PLACES) -> dict[str, str]:
    """Permit letters that count when they are the whole message: {"f": "temporarily_admitted"}."""
    letters: dict[str, str] = _read(folder / "permits.yml")["letters"]
    return {fold(letter): value for letter, value in letters.items()}


def language_cues(folder: Path = PLACES) -> frozenset[str]:
    """Words beside which the name of a nationality is the name of a language (folded)."""
    return frozenset(fold(str(cue)) for cues in _language_parts("cues", folder) for cue in cues)


def _read(path: Path) -> Any:
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)


def _joined(section: str, folder: Path) -> dict[str, list[str]]:
    """The file that is for all languages, and the section of that name in each language's file."""
    own = [rules[section] for rules in language_files(folder).values() if rules.get(section)]
    return _merged([_read(folder / f"{section}.yml"), *own])


def _own(section: str, key: str, folder: Path) -> list[Any]:
    """`key` of a section, from each language's file that has it."""
    sections = [rules.get(section) or {} for rules in language_files(folder).values()]
    return [found[key] for found in sections if found.get(key)]


def _language_parts(key: str, folder: Path) -> list[Any]:
    return [_read(folder / "languages.yml")[key], *_own("languages", key, folder)]


def _merged(parts: Iterable[Mapping[Any, Sequence[Any]]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in parts:
        for value, spellings in part.items():
            # YAML reads the key `no` as false.
            found.setdefault("no" if value is False else str(value), []).extend(map(str, spellings))
    return found


def _plain(entity: str, values: dict[Any, list[str]]) -> Iterator[Name]:
    for value, spellings in values.items():
        for spelling in spellings:
            yield Name(str(spelling), entity, str(value))


def _letters(letters: Mapping[str, str], words: Iterable[Sequence[str]]) -> Iterator[Name]:
    for letter, value in letters.items():
        for word in itertools.chain.from_iterable(words):
            yield Name(f"{word} {letter}", "status", value)
            yield Name(f"{letter} {word}", "status", value)


def _programme_names(folder: Path) -> dict[str, list[str]]:
    """Usual and old names that the programmes' files give: `also_called`."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("??/*.yml")):
        programme = _read(path)
        if isinstance(programme, dict):
            names = [name for name in programme.get("also_called") or () if len(str(name)) > 2]
            found[programme.get("id") or f"{path.parent.name}.{path.stem}"] = names
    return found


def _language_names(curated: dict[str, list[str]]) -> Iterator[Name]:
    yield from _plain("language", curated)
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
