"""When a message is nothing but names: "Afghanistan", "N", "RAZ", "K7M-4Q2"."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from bot.nlu.normalize import fold

_MEANT = {
    "country": "inform",
    "status": "inform",
    "place": "inform",
    "number": "inform",
    "programme": "ask_programme",
    "reference": "check_request",
    "language": "change_language",
}
_FIRST = ("reference", "programme", "country", "status", "place", "number", "language")
"""Of several names the one that decides: a country in answer to a question before a language."""

_QUESTION = "?؟;፧՞"
_SMALL_WORDS = 3
"""Letters beside the names that do not count: "in", "aus", "et", "из"."""
_SMALL = frozenset(map(fold, ("من", "في", "إلى", "الى", "از", "به", "در", "د", "په", "له", "ته")))
_SMALL |= frozenset(map(fold, ("ካብ", "ናብ", "ኣብ", "እቲ", "ን")))
"""The same in letters of which three are a whole word: "خطر" is danger, "كم" is how much."""
_WHOLE_WORDS = ("ARABIC", "ETHIOPIC")


def intent_of_names(text: str, entities: Sequence[Mapping[str, Any]]) -> str | None:
    """The intent of a text that is all names, else None. Topics alone say too little."""
    if not text or any(mark in text for mark in _QUESTION):
        return None
    named = [entity for entity in entities if entity["entity"] in _MEANT]
    if not named:
        return None
    covered: set[int] = set()
    for entity in named:
        covered.update(range(entity["start"], entity["end"]))
    rest = "".join(
        character if position not in covered and character.isalnum() else " "
        for position, character in enumerate(text)
    )
    if not _is_small(rest):
        return None
    kinds = {entity["entity"] for entity in named}
    return next(_MEANT[kind] for kind in _FIRST if kind in kinds)


def _is_small(rest: str) -> bool:
    """Whether what stands beside the names says nothing."""
    words = rest.split()
    if any(unicodedata.name(word[0], "").startswith(_WHOLE_WORDS) for word in words):
        return all(fold(word) in _SMALL for word in words)
    return len("".join(words)) <= _SMALL_WORDS
