"""Names in a text: phrases of folded words, looked up in one dictionary.

spaCy's PhraseMatcher finds the same and takes 7 seconds and 130 MB for the 60,000 phrases of
sixteen languages; a dictionary takes one second and 40 MB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.nlu.normalize import fold
from bot.nlu.words import words, words_of_name

_JOINING = frozenset("-–—/'’ʼ`´.+_\\")
"""F-Ausweis and F Ausweis, l'Irak, St. Gallen, REAG/GARP: the same words with and without."""

_LEAST_BARE = 3
_HALF_SPACE = re.compile("[^\u200b\u200c]+")
_PLAIN = re.compile(r"[^\W\d_ʼ]+(?: [^\W\d_ʼ]+)*")
"""Letters and single spaces. Unicode counts ʼ as a letter; words part there."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as people write it, and what it stands for. Value None: it stands for nothing."""

    text: str
    entity: str
    value: str | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, folded, and where it stands."""

    text: str
    folded: str
    start: int
    end: int

    @property
    def is_capitalised(self) -> bool:
        """Or in a script that has no capitals."""
        return self.text[:1].upper() == self.text[:1]


@dataclass(frozen=True, slots=True)
class Match:
    """A name found in words[first:last]."""

    first: int
    last: int
    names: tuple[Name, ...]


def split(text: str) -> list[Word]:
    """The words of a text, with their folded spelling; marks that join words are left out."""
    return parted((word, fold(word) or word, start, end) for word, start, end in words(text))


def parted(found: Iterable[tuple[str, str, int, int]]) -> list[Word]:
    """The same from (word, folded, start, end)."""
    return [Word(*word) for word in found if word[0] and word[0] not in _JOINING]


def phrase(text: str) -> tuple[str, ...]:
    """A name's folded words."""
    if _PLAIN.fullmatch(text):
        # Nothing that spaCy would split otherwise: five times as fast.
        plain = fold(text).split(" ")
        if len(plain) == text.count(" ") + 1 and all(plain):
            return tuple(plain)
    return tuple(fold(word) or word for word, _, _ in words_of_name(text) if word not in _JOINING)


class Gazetteer:
    """Many names, matched at once. Names that fold to the same words stand together."""

    def __init__(self, names: Iterable[Name], prefixes: Sequence[str] = ()) -> None:
        self._prefixes = tuple(prefixes)
        self._names: dict[tuple[str, ...], tuple[Name, ...]] = {}
        for name in names:
            spelled = phrase(name.text)
            known = self._names.get(spelled, ())
            if spelled and name not in known:
                self._names[spelled] = (*known, name)
        self._words = frozenset(word for spelled in self._names for word in spelled)
        self._longest = max(map(len, self._names), default=0)

    def parts(self, word: Word) -> list[Word]:
        """A word that is no name, parted at its half spaces if a part is a country: ایران‌رو."""
        if " " not in word.folded or word.folded in self._words:
            return [word]
        parts = [
            Word(part[0], fold(part[0]), word.start + part.start(), word.start + part.end())
            for part in _HALF_SPACE.finditer(word.text)
        ]
        found = self.find(parts)
        is_place = any(name.entity == "country" for match in found for name in match.names)
        return parts if is_place else [word]

    def without_prefix(self, word: Word) -> Word:
        """The word as it stands in a name, if it does once a prefix is off: للعراق, بسوريا."""
        if word.folded in self._words or not self._prefixes:
            return word
        for prefix in self._prefixes:
            bare = word.folded.removeprefix(prefix)
            if bare != word.folded and len(bare) >= _LEAST_BARE and bare in self._words:
                return Word(word.text, bare, word.start, word.end)
        return word

    def find(self, text_words: Sequence[Word]) -> list[Match]:
        """All matches, also those that lie within others, in the order of the text."""
        folded = [word.folded for word in text_words]
        return [
            Match(first, last, names)
            for first, word in enumerate(folded)
            if word in self._words
            for last in range(first + 1, min(first + self._longest, len(folded)) + 1)
            if (names := self._names.get(tuple(folded[first:last])))
        ]


def longest(matches: Sequence[Match]) -> list[Match]:
    """Matches that do not overlap: the longer wins, then the earlier."""
    taken: set[int] = set()
    kept = []
    for match in sorted(matches, key=lambda match: (match.first - match.last, match.first)):
        places = set(range(match.first, match.last))
        if not places & taken:
            taken |= places
            kept.append(match)
    return sorted(kept, key=lambda match: match.first)
