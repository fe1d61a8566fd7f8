"""The words that erase everything, as the welcome tells them in each language."""

from __future__ import annotations

import logging
import re
import time
from functools import lru_cache
from pathlib import Path

from wegweiser.texts import ANSWERS, LOOK_EVERY_S, TextsError, languages, texts

logger = logging.getLogger(__name__)

WELCOME = "utter_welcome"
QUOTED = re.compile(r"[\"«„“]([^\"»“”]+)[\"»“”]")
AROUND = " \t\r\n.!?؟۔।።…\"'«»„“”"


def asks_to_erase(text: str) -> bool:
    """Whether a text is exactly what the welcome says to write.

    This is for the time in which a counsellor reads instead of the assistant, which understands
    far more ways to say it: what we promised must hold then, too, and nothing else be taken for it.
    """
    # No text of a person is looked at closely that is longer than such a phrase can be.
    now = int(time.monotonic() / LOOK_EVERY_S)
    return len(text) <= 80 and _plain(text) in _phrases(_changed(ANSWERS, now))


def _plain(text: str) -> str:
    return " ".join(text.strip(AROUND).casefold().split())


@lru_cache(maxsize=1)
def _changed(folder: Path, now: int) -> int:
    return max(path.stat().st_mtime_ns for path in folder.glob("*.yml"))


@lru_cache(maxsize=2)
def _phrases(changed_ns: int) -> frozenset[str]:
    found: set[str] = set()
    for language in languages():
        try:
            told = texts(language.code).responses.get(WELCOME, [])
        except TextsError as broken:
            logger.error("texts.broken language=%s %s", language.code, broken)
            continue
        for one in told:
            found |= {_plain(quoted) for quoted in QUOTED.findall(one["text"])}
    return frozenset(found)
