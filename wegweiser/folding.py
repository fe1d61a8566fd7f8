"""One word, many spellings: what somebody types and what somebody wrote become the same.

For finding, not for reading: small letters, one form of letters that people exchange, ASCII
digits. The assistant's own normalisation (``bot.nlu.normalize``) belongs to its trained model
and changes only with it; this one belongs to the desk's search index.
"""

from __future__ import annotations

import re
import unicodedata

_ARABIC_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
"""Vowel signs and tatweel, the dash that stretches a word."""

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
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ı": "i",
        "ə": "e",
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

# Written to the word: the Arabic article with "and, with, for"; Tigrinya "for, with, from, to".
_BEFORE = re.compile(r"(?:وال|بال|فال|كال|ولل|لل|ال|ናይ|ካብ|ናብ|ን|ብ)(?=\w{3})")


def fold(text: str) -> str:
    """A text with one spelling for each word.

    >>> fold("Müller, ٣ شُقّة")
    'muller, 3 شقه'
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _ARABIC_MARKS.sub("", text).translate(_LETTERS)
    latin = False
    kept = []
    for sign in unicodedata.normalize("NFD", text):
        if unicodedata.combining(sign):
            # Only Latin letters lose their accents: й is no и.
            if not latin:
                kept.append(sign)
            continue
        latin = "a" <= sign <= "z"
        digit = unicodedata.digit(sign, None)
        kept.append(sign if digit is None else str(digit))
    return unicodedata.normalize("NFC", "".join(kept))


def words(text: str) -> list[str]:
    """The words of a text, folded and without what is written before them, in order.

    One letter alone is no word that anybody looks for.

    >>> words("In der Wohnung: 3 Zimmer (البيت)")
    ['in', 'der', 'wohnung', 'zimmer', 'بيت']
    """
    folded = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in fold(text))
    return [_BEFORE.sub("", word, count=1) for word in folded.split() if len(word) > 1]
