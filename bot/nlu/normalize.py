"""One text, many spellings: the rules that make them one. Pure functions on str.

`clean` mends how a text is typed and leaves its words alone: for the sentence encoder, which has
read ordinary text. `fold` goes on to merge letters that people exchange (accents, Arabic alef and
yeh, digits of other scripts): for character n-grams and for finding names.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ZERO_WIDTH_SPACE = dict.fromkeys(map(ord, "\u200b\u200c"), " ")
"""Zero width, but between words or parts of words: Persian's half space is one of them."""

_ARABIC_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
"""Vowel signs and tatweel, the dash that stretches a word."""

_VARIATION = re.compile("[\ufe00-\ufe0f]")
_REPEATED_MARK = re.compile(r"([^\w\s])\1{1,}")
_LETTER_THRICE_AT_END = re.compile(r"([^\W\d_])\1{2,}(?!\w)")
_LETTER_THRICE = re.compile(r"([^\W\d_])\1{2,}")
_ALEF_TWICE = re.compile("اا+")
"""Arabic has no doubled alef: whoever writes one stretches the word."""
_SPACES = re.compile(r"\s+")
_SHOUTING = 4
"""Capital letters for each small one."""
_LONGEST_SHORT_NAME = 6
"""Letters."""
_MAY_CHANGE = re.compile(
    f"{_ARABIC_MARKS.pattern}|{_VARIATION.pattern}|{_ALEF_TWICE.pattern}|"
    r"(\S)\1(?:\1|(?<=[^\w\s]))|  "
)
"""Whatever one of the rules above might touch in a printable text in NFKC: most have nothing."""

_REMEMBERED = 256
"""Words and texts: a message asks a dozen times for its own, then the next takes their place."""

_LETTERS = str.maketrans(
    {
        # Arabic script: alef with hamza or madda, yeh and kaf as typed on either keyboard
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیئېۍ", "ي"),
        "ک": "ك",
        "ګ": "گ",
        **dict.fromkeys("ةۀەھ", "ه"),
        "ؤ": "و",
        "ء": None,
        # Latin letters that do not decompose
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ı": "i",
        "ə": "e",
        "ŋ": "n",
        **dict.fromkeys("’‘ʼ`´ʻ", "'"),
        # Cyrillic and Ethiopic letters of the same sound
        "ё": "е",
        "ґ": "г",
        "ў": "у",
        **dict(zip("ሠሡሢሣሤሥሦ", "ሰሱሲሳሴስሶ", strict=True)),
        **dict(zip("ፀፁፂፃፄፅፆ", "ጸጹጺጻጼጽጾ", strict=True)),
        **dict(zip("ኀኁኂኃኄኅኆሐሑሒሓሔሕሖ", "ሀሁሂሃሄህሆ" * 2, strict=True)),
        **dict(zip("ዐዑዒዓዔዕዖ", "አኡኢአኤእኦ", strict=True)),
        "ኣ": "አ",
    }
)


@lru_cache(maxsize=_REMEMBERED)
def clean(text: str) -> str:
    """The text without traces of keyboard, font and mood: what `encoder` sees.

    NFKC; small letters where nearly all are capitals; control and zero-width characters, Arabic
    vowel signs and tatweel gone; a letter three times or more is written once at a word's end, else
    twice; repeated marks once; single spaces.
    """
    text = _calm(text)
    if (
        text.isprintable()
        and unicodedata.is_normalized("NFKC", text)
        and not _MAY_CHANGE.search(text)
    ):
        return text.strip()
    text = text.encode("utf-8", "ignore").decode("utf-8").translate(_ZERO_WIDTH_SPACE)
    text = unicodedata.normalize("NFKC", text)
    if not text.isprintable() or _VARIATION.search(text):
        text = "".join(_without_control(character) for character in text)
    text = _ARABIC_MARKS.sub("", text)
    text = _ALEF_TWICE.sub("ا", text)
    text = _LETTER_THRICE_AT_END.sub(r"\1", text)
    text = _LETTER_THRICE.sub(r"\1\1", text)
    text = _REPEATED_MARK.sub(r"\1", text)
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=_REMEMBERED)
def fold(text: str) -> str:
    """`clean`, in small letters, with letters merged that people exchange, and ASCII digits."""
    return clean(text).replace("İ", "i").lower().translate(_FOLDED)


def _calm(text: str) -> str:
    """Who shouts shouts every word; "RAZ" and "REAG/GARP" by themselves are names."""
    capitals = sum(map(str.isupper, text))
    if len(text.split()) == 1 and (capitals <= _LONGEST_SHORT_NAME or "/" in text):
        return text
    if capitals <= _SHOUTING * sum(map(str.islower, text)):
        return text
    return text.replace("İ", "i").lower()


def _without_control(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    hidden = category in {"Cf", "Cn", "Co", "Cs"} or _VARIATION.match(character)
    return "" if hidden else character


def _folded(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    base = unicodedata.normalize("NFD", character)
    # Only Latin letters lose their accents: й is no и, and Arabic hamza was dealt with above.
    return base[0] if "a" <= base[0] <= "z" else character


class _Folding(dict[int, str]):
    """For `str.translate`: what becomes of each character, found out once."""

    def __missing__(self, code: int) -> str:
        folded = "".join(_folded(one) for one in chr(code).translate(_LETTERS))
        if code < _COMMON:
            self[code] = folded
        return folded


_COMMON = 0x3000
"""Beyond are scripts that nobody writes here: remembering those would let a process grow."""
_FOLDED = _Folding()
