"""The parts of a message that may ask something of their own.

"How much money do I get and how long does it take?" is two questions. A text is parted at the ends
of sentences and at the words for "and"; whether a part asks anything is for the model to say.
"""

from __future__ import annotations

import functools
import re

MOST_PARTS = 4
"""Of longer stories only this many are looked at: each costs as much as a short message."""
LEAST_LETTERS = 8
"""Shorter parts ("and you?", "my wife and") say nothing by themselves."""

_AND = {
    "en": ("and", "and also", "also"),
    "de": ("und", "und auch"),
    "fr": ("et", "et aussi"),
    "it": ("e", "ed", "e anche"),
    "fa": ("و", "همچنین"),
    "tr": ("ve", "ayrıca", "ayrica", "bir de", "bi de", "birde", "bide"),
    "ru": ("и", "а", "а также", "а еще", "а ещё", "i", "a", "a takzhe"),
    "uk": ("і", "й", "та", "а", "а також", "а ще", "i", "y", "a", "ta"),
    "sq": ("dhe", "edhe"),
    "sr": ("i", "a", "и", "а"),
    "ka": ("და", "ასევე", "da"),
    "ku": ("û", "u", "و"),
    "ps": ("او",),
    "so": ("iyo", "oo"),
    "ti": ("ከምኡውን", "ከምኡ'ውን"),
}
"""By language: "i" is "and" in Serbian and the person who writes in English."""
_END = r"[.?!؟።፧;؛\n]+|[,،፣፡]\s+"
"""The Ethiopic word space, before a space, is the comma of most who type Tigrinya."""
_ARABIC_AND = r"\s+و(?=(?:كم|متى|متي|أين|اين|وين|كيف|هل|شو|ايش|إيش|قديش|مين|ماذا|ما|شلون|فين)\b)"
"""In Arabic "and" is written to the next word; only a question word is parted from it."""


@functools.lru_cache(maxsize=32)
def _parting(language: str) -> re.Pattern[str]:
    ways = [_END]
    if language == "ar":
        ways.append(_ARABIC_AND)
    if language in _AND:
        words = "|".join(sorted(map(re.escape, _AND[language]), key=len, reverse=True))
        ways.append(rf"\s+(?:{words})\s+")
    return re.compile("|".join(ways), re.IGNORECASE)


def clauses(text: str, language: str) -> list[str]:
    """The parts of a text that are long enough, in order; empty when there is but one."""
    parts = [part.strip() for part in _parting(language).split(text)]
    told = [part for part in parts if sum(map(str.isalpha, part)) >= LEAST_LETTERS]
    return told[:MOST_PARTS] if len(told) > 1 else []
