"""One text that is sent as several messages, as whoever writes it divides it."""

from __future__ import annotations

import re

NEXT_MESSAGE = re.compile(r"(?:\A|\n)(?:\s*---[^\S\n]*(?:\n|\Z))+\s*")
"""A line of three dashes in a text, or several: what follows is a message of its own."""


def messages_of(text: str) -> list[str]:
    """The messages that a text becomes; none of them is empty."""
    return [one.strip() for one in NEXT_MESSAGE.split(text) if one.strip()]
