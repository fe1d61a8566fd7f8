"""What is found by its shape: reference numbers and figures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_SYMBOLS = "A-HJ-NP-Z2-9"
_REFERENCE = re.compile(
    rf"""(?<![\w-])
    (?P<first>[{_SYMBOLS}]{{3}}) (?P<between>[-–—\ ]?) (?P<second>[{_SYMBOLS}]{{3}})
    (?![\w-])""",
    re.IGNORECASE | re.VERBOSE,
)
_FIGURE = re.compile(
    r"""(?<![\w.,])
    (?P<whole>\d{1,3}(?:[.,'’\ \u00a0\u202f٬]\d{3})+ | \d{1,9}) (?:[.,٫]\d{1,2})?
    (?!\w|[.,:/-]\d)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Shape:
    """Something found at text[start:end]."""

    entity: str
    value: str | int
    start: int
    end: int


def references(text: str) -> Iterator[Shape]:
    """Reference numbers of requests, like K7M-4Q2, however they are typed.

    Without a dash the six signs must mix letters and digits in a way that words and sums do not.
    """
    for found in _REFERENCE.finditer(text):
        first, second = found["first"].upper(), found["second"].upper()
        if _plausible(first, second, found["between"], found[0]):
            yield Shape("reference", f"{first}-{second}", found.start(), found.end())


def _plausible(first: str, second: str, between: str, written: str) -> bool:
    digits = [sum(sign.isdigit() for sign in half) for half in (first, second)]
    mixed = any(0 < count < 3 for count in digits)
    if between.strip():
        return mixed or (sum(digits) > 0 and written.upper() == written and sum(digits) < 6)
    if not between:
        return mixed and 2 <= sum(digits) <= 4
    return mixed and all(digits)


def figures(text: str) -> Iterator[Shape]:
    """Whole numbers, in the digits of any script, with or without marks between thousands."""
    western = "".join(_western(sign) for sign in text)
    for found in _FIGURE.finditer(western):
        value = int(re.sub(r"\D", "", found["whole"]))
        yield Shape("number", value, found.start("whole"), found.end("whole"))


def _western(sign: str) -> str:
    if sign < "\x80":
        return sign
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)
