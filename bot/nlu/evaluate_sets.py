"""The held-out sentences: what people might write that nobody trained on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.paths import HELD_OUT
from wegweiser.texts import all_languages


class HeldOutError(Exception):
    """A file of held-out sentences that cannot be read; names file and line of the mistake."""


@dataclass(frozen=True)
class Sentence:
    """A sentence, what it means and how it is written."""

    text: str
    intent: str
    style: str


@dataclass(frozen=True)
class NamesLine:
    """A text and the values of one entity in it; none must be found where there are none."""

    text: str
    entity: str
    values: frozenset[str]


@dataclass(frozen=True)
class LanguageLine:
    """A text and the language it is in."""

    text: str
    language: str


@dataclass(frozen=True)
class TwoLine:
    """A message that asks two things, in this order."""

    text: str
    first: str
    second: str


@dataclass(frozen=True)
class HeldOut:
    """One language's file."""

    language: str
    sentences: list[Sentence] = field(default_factory=list)
    places: list[NamesLine] = field(default_factory=list)
    languages: list[LanguageLine] = field(default_factory=list)
    two: list[TwoLine] = field(default_factory=list)


def read_all(folder: Path = HELD_OUT, only: list[str] | None = None) -> list[HeldOut]:
    """All languages that have a file, or those in `only`. Raises HeldOutError.

    Other files of the folder are no concern of it: they hold sentences for other tests.
    """
    codes = sorted(language.code for language in all_languages())
    paths = [folder / f"{code}.yml" for code in codes if not only or code in only]
    sets = [read(path) for path in paths if path.exists()]
    if not sets:
        raise HeldOutError(f"{folder}: no held-out sentences for {only or 'any language'}.")
    return sets


def read(path: Path) -> HeldOut:
    """One file. Raises HeldOutError."""
    try:
        content: dict[str, Any] = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        return HeldOut(
            content["language"],
            [
                Sentence(str(line["text"]), line["intent"], line.get("style", "plain"))
                for line in content.get("sentences") or ()
            ],
            [_names_line(line) for line in content.get("places") or ()],
            [
                LanguageLine(str(line["text"]), line["language"])
                for line in content.get("languages") or ()
            ],
            [
                TwoLine(str(line["text"]), line["first"], line["second"])
                for line in content.get("two") or ()
            ],
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise HeldOutError(
            f"{path}: {error!r}. See docs/understanding.md for the shape."
        ) from error


def _names_line(line: dict[str, Any]) -> NamesLine:
    """`country`, `status`, `programme` ...: null, one value or several."""
    (entity,) = line.keys() - {"text", "style", "note"}
    value = line[entity]
    values = value if isinstance(value, list) else [] if value is None else [value]
    # YAML reads NO, Norway, as "no".
    return NamesLine(
        str(line["text"]), entity, frozenset("NO" if v is False else str(v) for v in values)
    )
