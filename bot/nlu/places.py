"""Names that are no countries: regions, permits, programmes, topics, languages, number words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError

from bot.nlu.languages import codes, languages
from bot.nlu.names import Name
from bot.nlu.normalize import fold
from bot.nlu.paths import PLACES, PROGRAMMES

_ALSO_SPOKEN = {"ku": ("kmr",), "sr": ("hr", "bs"), "fa": ("prs",)}


def other_names(folder: Path = PLACES, programmes: Path = PROGRAMMES) -> list[Name]:
    """All names from the files of `folder`, and the programmes' own."""
    permits = _read(folder / "permits.yml")
    return [
        *_plain("place", _read(folder / "regions.yml")),
        *_plain("status", permits["phrases"]),
        *_letters(permits),
        *_plain("programme", _programme_names(programmes)),
        *_plain("programme", _read(folder / "programmes.yml")),
        *_plain("topic", _read(folder / "topics.yml")),
        *_language_names(_read(folder / "languages.yml")["names"]),
        *_plain("number", _read(folder / "numbers.yml")),
    ]


def lone_letters(folder: Path = PLACES) -> dict[str, str]:
    """Permit letters that count when they are the whole message: {"f": "temporarily_admitted"}."""
    letters: dict[str, str] = _read(folder / "permits.yml")["letters"]
    return {fold(letter): value for letter, value in letters.items()}


def language_cues(folder: Path = PLACES) -> frozenset[str]:
    """Words beside which the name of a nationality is the name of a language (folded)."""
    return frozenset(map(fold, _read(folder / "languages.yml")["cues"]))


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _plain(entity: str, values: dict[Any, list[str]]) -> Iterator[Name]:
    for value, spellings in values.items():
        for spelling in spellings:
            yield Name(str(spelling), entity, str(value))


def _letters(permits: dict[str, Any]) -> Iterator[Name]:
    for letter, value in permits["letters"].items():
        for word in permits["words"]:
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
