"""Reference numbers: short, read aloud, typed back on a phone, and found in what people write."""

from __future__ import annotations

import re
import secrets

# No 0/O, 1/I/L, 5/S, 8/B, U/V: read aloud and typed back on a phone.
REFERENCE_LETTERS = "ACDEFGHJKMNPQRTWXYZ234679"
REFERENCE_DIGITS = "234679"
REFERENCE = re.compile(
    rf"\b([{REFERENCE_LETTERS}]{{3}})[-\u2013\u2014_ ]?([{REFERENCE_LETTERS}]{{3}})\b",
    re.IGNORECASE,
)


def new_reference() -> str:
    """A number that nobody could guess; whether it is free, the table decides."""
    letters = [secrets.choice(REFERENCE_LETTERS) for _ in range(6)]
    # With a digit it is no word, and is found when it is typed without the dash.
    letters[secrets.randbelow(6)] = secrets.choice(REFERENCE_DIGITS)
    return f"{''.join(letters[:3])}-{''.join(letters[3:])}"


def parse_reference(text: str) -> str:
    """The reference number in a text, as we write it; empty when there is none.

    >>> parse_reference("what about k7m 4q2?")
    'K7M-4Q2'
    """
    for match in REFERENCE.finditer(text):
        found = (match[1] + match[2]).upper()
        # Two short words look like a reference; ours are told by a digit or the dash.
        if "-" in match[0] or any(letter.isdigit() for letter in found):
            return f"{found[:3]}-{found[3:]}"
    return ""
