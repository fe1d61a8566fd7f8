"""Texts as Telegram takes them: at most 4,096 UTF-16 units, split where a reader would pause."""

from __future__ import annotations

import re

from bot.channels.speech import encodable

MAX_UNITS = 4096
MAX_TITLE = 64
# Best first: between paragraphs, lines, sentences (also Arabic, Ethiopic, Devanagari), words.
BREAKS = (
    re.compile(r"\n\n+"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?؟۔।።…])\s+"),
    re.compile(r"\s+"),
)


def units(text: str) -> int:
    """The length as Telegram counts: characters beyond the basic plane count twice."""
    return len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)


def parts(text: str, limit: int = MAX_UNITS) -> list[str]:
    """The text in parts that Telegram takes, none of them empty; at least one."""
    rest = encodable(text).strip() or "…"
    found: list[str] = []
    while units(rest) > limit:
        cut = _cut(rest, limit)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in (*found, rest) if part]


def _cut(text: str, limit: int) -> int:
    """Where to cut so that the first part fits: late, and at the best kind of break there is."""
    fits = _prefix(text, limit)
    for kind in BREAKS:
        ends = [found.start() for found in kind.finditer(text, 0, fits + 1)]
        # A break in the first half would make a short part; a lesser break later reads better.
        if ends and ends[-1] > fits // 2:
            return ends[-1]
    return fits


def _prefix(text: str, limit: int) -> int:
    count = 0
    for number, sign in enumerate(text):
        count += 2 if ord(sign) > 0xFFFF else 1
        if count > limit:
            return number
    return len(text)


def button_title(title: str) -> str:
    """The words on a button, one line."""
    return " ".join(encodable(title).split())[:MAX_TITLE] or "…"
