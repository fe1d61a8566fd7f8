"""Sentences as hurried thumbs write them; random, so seed `random` first."""

from __future__ import annotations

import itertools
import random
import unicodedata

_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзх",
    "фывапролджэ",
    "ячсмитьбю",
    "ضصثقفغعهخحجچ",
    "شسیيبلاتنمکگك",
    "ظطزرذدئوء",
    "ქწერტყუიოპ",
    "ასდფგჰჯკლ",
    "ზხცვბნმ",
)
_NEIGHBOURS: dict[str, list[str]] = {}
for _row in _ROWS:
    for _one, _other in itertools.pairwise(_row):
        _NEIGHBOURS.setdefault(_one, []).append(_other)
        _NEIGHBOURS.setdefault(_other, []).append(_one)

MISTYPED = 0.5
"""Share of sentences that get errors of the fingers."""
_SHARES = (0.03, 0.06, 0.1)
"""Errors a letter."""
_LEAST = 4


def mistyped(text: str) -> str:
    """The sentence with errors, in small letters, without marks or accents, or as it is."""
    if random.random() < MISTYPED:
        text = _slipped(text)
    kind = random.random()
    if kind < 0.2:
        return text.lower()
    if kind < 0.3:
        return text.rstrip("?!.؟።፧ ").lower()
    if kind < 0.4:
        return _without_accents(text)
    return text


def _slipped(text: str) -> str:
    letters = list(text)
    for _ in range(max(1, int(len(letters) * random.choice(_SHARES)))):
        if len(letters) < _LEAST:
            break
        at = random.randrange(1, len(letters) - 1)
        slip = random.randrange(5)
        if slip == 0:
            letters[at], letters[at - 1] = letters[at - 1], letters[at]
        elif slip == 1:
            del letters[at]
        elif slip == 2:
            letters.insert(at, letters[at])
        elif slip == 3:
            letters[at] = random.choice(_NEIGHBOURS.get(letters[at].lower(), [letters[at]]))
        elif letters[at] == " ":
            del letters[at]
    return "".join(letters)


def _without_accents(text: str) -> str:
    """Latin letters only: й without its mark is another letter."""
    plain = []
    for letter in text:
        base = unicodedata.normalize("NFD", letter)[0]
        plain.append(base if base.isascii() else letter)
    return "".join(plain).replace("ı", "i").replace("đ", "dj").replace("ß", "ss")
