"""The languages of the assistant and what their letters tell about a text."""

from __future__ import annotations

import functools
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.paths import LANGUAGES

BY_SCRIPT = {
    "LATIN": ("en", "de", "fr", "it", "tr", "sq", "sr", "ku", "so"),
    "ARABIC": ("ar", "fa", "ps", "ku"),
    "CYRILLIC": ("ru", "uk", "sr"),
    "GEORGIAN": ("ka",),
    "ETHIOPIC": ("ti",),
}
"""Who writes in which script, by the first word of a letter's Unicode name."""

TELLING_LETTERS = {
    "ARABIC": {
        "ps": "ټډړږښځڅڼۍې",
        "ku": "ڕڵۆێە",
        "fa": "پچژگ",
        "ar": "ةىإأؤ",
    },
    "CYRILLIC": {"uk": "іїєґ", "sr": "јљњћђџ", "ru": "ыэёъ"},
}
"""Letters that one of the languages of a script has and the others lack. Persian's are shared by
Pashto and Kurdish, whose own come first; Arabic's also occur in borrowed words."""


@dataclass(frozen=True)
class Language:
    """One line of content/languages.yml."""

    code: str
    name: str
    right_to_left: bool


@functools.lru_cache(maxsize=4)
def languages(path: Path = LANGUAGES) -> tuple[Language, ...]:
    """All languages, in the order of the file."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(
        Language(entry["code"], entry["name"], bool(entry.get("rtl"))) for entry in entries
    )


def codes() -> tuple[str, ...]:
    """The codes of all languages."""
    return tuple(language.code for language in languages())


def main_script(text: str) -> str | None:
    """The script that carries the text: LATIN, ARABIC ...; None without a letter we know.

    A third of the letters in another script than Latin is enough: people mix German words into
    their language, hardly ever the other way round.
    """
    known: Counter[str] = Counter()
    for character, times in Counter(text).items():
        script = _script_of(character)
        if script in BY_SCRIPT:
            known[script] += times
    if not known:
        return None
    others = [(count, script) for script, count in known.items() if script != "LATIN"]
    if others and max(others)[0] * 3 >= sum(known.values()):
        return max(others)[1]
    return "LATIN" if known["LATIN"] else max(others)[1]


@functools.lru_cache(maxsize=2048)
def _script_of(letter: str) -> str:
    """The first word of its name; empty for what is no letter."""
    return unicodedata.name(letter, "").split(" ")[0] if letter.isalpha() else ""


def by_letters(text: str, script: str) -> str | None:
    """The language whose own letters are in the text; None when they do not tell."""
    for code, letters in TELLING_LETTERS.get(script, {}).items():
        if any(character in letters for character in text):
            return code
    return None
