"""Texts as Telegram takes them: at most 4,096 UTF-16 units, split where a reader would pause."""

from __future__ import annotations

import re
import unicodedata

from bot.channels.speech import encodable

MAX_UNITS = 4096
MAX_TITLE = 64
JOINER = "\u200d"
MARKS = ("Mn", "Mc", "Me", "Cf", "Sk")
# Best first: between paragraphs, lines, sentences (also Arabic, Ethiopic, Devanagari), parts of a
# sentence, words. The group is the space that is cut out.
BREAKS = (
    re.compile(r"(\n\n+)"),
    re.compile(r"(\n)"),
    re.compile(r"[.!?؟۔।॥።፧፨…]+[\"'»”’)\]]*(\s+)"),
    re.compile(r"[,;:،؛፣፤፥፦·]+[\"'»”’)\]]*(\s+)"),
    re.compile(r"(\s+)"),
)
RLM = "\u200f"


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
        ends = [found.start(1) for found in kind.finditer(text, 0, fits + 1)]
        # A break in the first half would make a short part; a lesser break later reads better.
        if ends and ends[-1] > fits // 2:
            return ends[-1]
    return _before_a_mark(text, fits)


def _before_a_mark(text: str, cut: int) -> int:
    """Not between a letter and the vowel signs on it, nor inside of a joined emoji."""
    for earlier in range(cut, max(cut - 32, 1), -1):
        joins = text[earlier - 1] == JOINER or unicodedata.category(text[earlier]) in MARKS
        if not joins:
            return earlier
    return cut


def _prefix(text: str, limit: int) -> int:
    count = 0
    for number, sign in enumerate(text):
        count += 2 if ord(sign) > 0xFFFF else 1
        if count > limit:
            return number
    return len(text)


def button_title(title: str, *, rtl: bool = False) -> str:
    """The words on a button, one line, in the direction of the language."""
    words = " ".join(encodable(title).split())[: MAX_TITLE - 1] or "…"
    return directed(words, rtl=rtl)


def directed(text: str, *, rtl: bool) -> str:
    """The text with a mark before each line that would be laid out left to right by mistake.

    Telegram takes a line's direction from its first letter: a button "K7M-4Q2 ..." or a sentence
    that begins with a Latin name would be turned around in Arabic.
    """
    if not rtl:
        return text
    return "\n".join(RLM + line if _begins_ltr(line) else line for line in text.split("\n"))


def _begins_ltr(line: str) -> bool:
    if not line.strip() or line.startswith(RLM):
        return False
    strong = (unicodedata.bidirectional(sign) for sign in line)
    return next((one for one in strong if one in ("L", "R", "AL")), "L") == "L"
