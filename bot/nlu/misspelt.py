"""Countries with a typing error: "Afganistn", "Nigeira"; peoples, too: "maroccain"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.nlu.names import Match, Name, Word, phrase

_LEAST_LETTERS = 7
"""Shorter words are one letter away from too many others."""
_ONE_ERROR_FROM = 10
"""For words of nationality; shorter ones may only have a letter doubled or not."""
_TWO_ERRORS_FROM = 9

_ALSO = ("en", "de", "fr")
"""Languages whose spellings everybody here has before their eyes."""

NOT_MISSPELT = frozenset({"germane", "indiana", "georges", "georgette"})
"""Words that are near a country's name and right as they are."""

_DOUBLED = re.compile(r"(.)\1")

_ETHIOPIC = re.compile("[\u1200-\u137f]+")
_LEAST_SYLLABLES = 4
_CONSONANT_FROM = 5
_SYLLABLE_FROM = 6
"""Syllables. In shorter words only the vowels may be others (ጄርመን, but not ግብርን for ግብጽን), then a
consonant, then a syllable may be missing."""
_VOWELS = 8
"""Syllables of the same consonant stand together in Unicode."""
_CONSONANT = 3
"""An error in it counts as much as three in vowels."""


class Misspelt:
    """One-word names of countries, by language and first letter. Doubled letters count as one.

    A word is compared with the names of its own language only: one letter away from some country in
    one of sixteen languages is half of all long words.
    """

    def __init__(
        self, names: Iterable[Name], prefixes: Sequence[str] = (), *, of_people: bool = False
    ) -> None:
        self._of_people = of_people
        self._prefixes = tuple(prefix for prefix in prefixes if _ETHIOPIC.match(prefix))
        self._by_letter: dict[tuple[str | None, str], dict[str, Name]] = defaultdict(dict)
        for name in names:
            spelling = phrase(name.text)
            if len(spelling) == 1 and _is_long(spelling[0]) and name.value is not None:
                compared = _compared(spelling[0])
                self._by_letter[name.language, compared[0]].setdefault(compared, name)
        self._spellings = {key: list(names) for key, names in self._by_letter.items()}
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
                near = (self._nearest(form, language) for form in self._forms(word.folded))
                name = next(filter(None, near), None)
                if name:
                    matches.append(Match(place, place + 1, (name,)))
        return matches

    def _forms(self, folded: str) -> Iterator[str]:
        """The word, and without an Ethiopic preposition written to it."""
        yield folded
        for prefix in self._prefixes:
            if folded.startswith(prefix):
                yield folded.removeprefix(prefix)

    def _nearest(self, folded: str, language: str | None) -> Name | None:
        if not _is_long(folded) or not folded.isalpha() or folded in NOT_MISSPELT:
            return None
        compared = _compared(folded)
        errors = self._most_errors(folded, compared)
        spoken = {language, *_ALSO} if language else self._languages
        close = [
            (distance, self._by_letter[one, compared[0]][spelling])
            for one in spoken
            for spelling, distance, _ in process.extract(
                compared,
                self._spellings.get((one, compared[0]), ()),
                scorer=DamerauLevenshtein.distance,
                score_cutoff=errors,
                limit=None,
            )
        ]
        if not close:
            return None
        least = min(distance for distance, _ in close)
        nearest = {name.value: name for distance, name in close if distance == least}
        return next(iter(nearest.values())) if len(nearest) == 1 else None

    def _most_errors(self, folded: str, compared: str) -> int:
        """How far a word may be from a name: letters, or in Ethiopic what `_compared` counts."""
        if _ETHIOPIC.match(folded):
            if len(folded) < _CONSONANT_FROM:
                return _CONSONANT - 1
            return _CONSONANT + (len(folded) >= _SYLLABLE_FROM and not self._of_people)
        if self._of_people:
            return int(len(compared) >= _ONE_ERROR_FROM)
        return 2 if len(compared) >= _TWO_ERRORS_FROM else 1


def _is_long(folded: str) -> bool:
    """Long enough for one error; an Ethiopic letter is a syllable."""
    return len(folded) >= (_LEAST_SYLLABLES if _ETHIOPIC.match(folded) else _LEAST_LETTERS)


def _compared(folded: str) -> str:
    """What is compared of a word: no doubled letters; Ethiopic ones as consonants and vowels."""
    if not _ETHIOPIC.match(folded):
        return _DOUBLED.sub(r"\1", folded)
    return "".join(
        chr(ord(syllable) // _VOWELS * _VOWELS) * _CONSONANT + str(ord(syllable) % _VOWELS)
        for syllable in folded
    )
