"""The parts of a message that may ask something of their own.

"How much money do I get and how long does it take?" is two questions. A text is parted at the ends
of sentences and at the words for "and"; whether a part asks anything is for the model to say.
"""

from __future__ import annotations

import re

MOST_PARTS = 4
"""Of longer stories only this many are looked at: each costs as much as a short message."""
LEAST_LETTERS = 8
"""Shorter parts ("and you?", "my wife and") say nothing by themselves."""

_JOINING = (
    # en, de, fr, it, tr, sq, sr, ku, so
    *("and", "and also", "also", "und", "und auch", "et", "et aussi", "e", "ed", "e anche", "ve"),
    *("ayrıca", "dhe", "edhe", "i", "a", "û", "u", "iyo", "oo"),
    # ru, uk, sr
    *("и", "а", "і", "й", "та", "а також", "а еще", "а ещё", "а ще"),
    # fa, ps, ku in Arabic letters, ka, ti
    *("و", "همچنین", "او", "هم", "და", "ასევე", "ከምኡውን", "ን"),
)
_END = r"[.?!؟።፧;؛\n]+"
_AND = "|".join(sorted(map(re.escape, _JOINING), key=len, reverse=True))
_ARABIC_AND = (
    "و(?=(?:كم|متى|متي|أين|اين|وين|كيف|هل|شو|ايش|إيش|قديش|مين|ماذا|ما هي|ما هو|شلون|فين)\\b)"
)
"""In Arabic "and" is written to the next word; only a question word is parted from it."""
_PARTING = re.compile(rf"{_END}|,?\s+(?:(?:{_AND})\s+|{_ARABIC_AND})|,\s+", re.IGNORECASE)


def clauses(text: str) -> list[str]:
    """The parts of a text that are long enough, in order; empty when there is but one."""
    parts = [part.strip() for part in _PARTING.split(text)]
    told = [part for part in parts if sum(map(str.isalpha, part)) >= LEAST_LETTERS]
    return told[:MOST_PARTS] if len(told) > 1 else []
