"""Countries with a typing error: "Afganistn", "Nigeira"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from bot.nlu.names import Match, Name, Word, phrase

_LEAST_LETTERS = 7
"""Shorter words are one letter away from too many others; so are words for nationalities."""
_LEAST_SYLLABLES = 4
_TWO_ERRORS_FROM = 9

_ALSO = ("en", "de", "fr")
"""Languages whose spellings everybody here has before their eyes."""

NOT_MISSPELT = frozenset({"germane", "indiana", "georges", "georgette"})
"""Words that are near a country's name and right as they are."""

_DOUBLED = re.compile(r"(.)\1")


class Misspelt:
    """One-word names of countries, by language and first letter. Doubled letters count as one.

    A word is compared with the names of its own language only: one letter away from some country in
    one of sixteen languages is half of all long words.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_letter: dict[tuple[str | None, str], dict[str, Name]] = defaultdict(dict)
        for name in names:
            spelling = phrase(name.text)
            if len(spelling) != 1:
                continue
            folded = _DOUBLED.sub(r"\1", spelling[0])
            if _is_long(spelling[0]) and name.value is not None:
                self._by_letter[name.language, folded[0]].setdefault(folded, name)

        self._languages = {language for language, _ in self._by_letter}

    def find(
        self, text_words: Sequence[Word], found: Sequence[Match], language: str | None
    ) -> list[Match]:
        """Matches for words outside `found` that are close to the names of one country only.

        A text whose language is not known may be in any.
        """
        taken = {place for match in found for place in range(match.first, match.last)}
        matches = []
        for place, word in enumerate(text_words):
            if place not in taken:
                name = self._nearest(word.folded, language)
                if name:
                    matches.append(Match(place, place + 1, (name,)))
        return matches

    def _nearest(self, folded: str, language: str | None) -> Name | None:
        if not _is_long(folded) or not folded.isalpha() or folded in NOT_MISSPELT:
            return None
        folded = _DOUBLED.sub(r"\1", folded)
        errors = 2 if len(folded) >= _TWO_ERRORS_FROM else 1
        spoken = {language, *_ALSO} if language else self._languages
        close = [
            (distance, name)
            for one in spoken
            for spelling, name in self._by_letter.get((one, folded[0]), {}).items()
            if abs(len(spelling) - len(folded)) <= errors
            and (distance := _errors(folded, spelling, errors)) <= errors
        ]
        if not close:
            return None
        least = min(distance for distance, _ in close)
        nearest = {name.value: name for distance, name in close if distance == least}
        return next(iter(nearest.values())) if len(nearest) == 1 else None


def _is_long(folded: str) -> bool:
    """Long enough for one error; an Ethiopic letter is a syllable."""
    return len(folded) >= (
        _LEAST_SYLLABLES if "\u1200" <= folded[0] <= "\u137f" else _LEAST_LETTERS
    )


def _errors(a: str, b: str, most: int) -> int:
    return int(DamerauLevenshtein.distance(a, b, score_cutoff=most))
