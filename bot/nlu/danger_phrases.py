"""Phrases that hardly occur but in messages of danger: the second, untrained way of noticing.

``content/danger/<language>.yml`` holds them; `*` stands for any letters at a word's end or
beginning. A phrase decides alone, also beside another question; so what is `harmless` although a
phrase stands in it ("nowhere to live anymore") is taken away before. The words of a language and of
those in `_ALWAYS` count.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import yaml

from bot.nlu.normalize import fold
from bot.nlu.paths import DANGER

_ALWAYS = ("en", "de")
"""Read in every text: people write the word that a police officer here would understand."""
_APART = re.compile(r"[^\w*]+")
_NEVER = re.compile(r"(?!)")


def tells_of_danger(text: str, language: str, folder: Path = DANGER) -> bool:
    """Whether a phrase of the text's language, or of those that everybody here meets, is in it."""
    read = dict.fromkeys((language, *_ALWAYS))
    words = f" {' '.join(_APART.split(fold(text)))} "
    for one in read:
        words = _patterns(folder / f"{one}.yml")[1].sub(" / ", words)
    return any(_patterns(folder / f"{one}.yml")[0].search(words) for one in read)


@functools.lru_cache(maxsize=64)
def _patterns(path: Path) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What tells of danger, and what is harmless; nothing for a language without a file."""
    if not path.exists():
        return _NEVER, _NEVER
    found = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    return _pattern(found["phrases"]), _pattern(found.get("harmless") or [])


def _pattern(phrases: list[object]) -> re.Pattern[str]:
    alternatives = sorted({_as_pattern(str(phrase)) for phrase in phrases}, key=len, reverse=True)
    return re.compile("|".join(alternatives)) if alternatives else _NEVER


def _as_pattern(phrase: str) -> str:
    words = " ".join(_APART.split(fold(phrase))).strip()
    return f" {re.escape(words)} ".replace(r"\ ", " ").replace(r"\*", "[^ ]*")
