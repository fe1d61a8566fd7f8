"""Names in a text: phrases of folded words, found by spaCy's PhraseMatcher."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from bot.nlu.normalize import fold
from bot.nlu.tokens import nlp, words


@dataclass(frozen=True)
class Name:
    """A name as people write it, and what it stands for. Value None: it stands for nothing."""

    text: str
    entity: str
    value: str | None
    language: str | None = None


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Match:
    """A name found in words[first:last]."""

    first: int
    last: int
    names: tuple[Name, ...]


def split(text: str) -> list[Word]:
    """The words of a text, with their folded spelling; words of marks alone are kept."""
    return [Word(word, fold(word) or word, start, end) for word, start, end in words(text)]


class Gazetteer:
    """Many names, matched at once. Names that fold to the same words stand together."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names: dict[tuple[str, ...], list[Name]] = {}
        for name in names:
            self._add(tuple(word.folded for word in split(name.text)), name)
            joined = tuple(word.folded for word in split(name.text) if word.folded not in "-–/'.")
            self._add(joined, name)
        self._matcher = PhraseMatcher(nlp().vocab)
        self._matcher.add("name", [_doc(phrase) for phrase in self._names if phrase])

    def _add(self, phrase: tuple[str, ...], name: Name) -> None:
        known = self._names.setdefault(phrase, [])
        if name not in known:
            known.append(name)

    def find(self, text_words: Sequence[Word]) -> list[Match]:
        """All matches, also those that lie within others, in the order of the text."""
        if not text_words:
            return []
        folded = [word.folded for word in text_words]
        with nlp().memory_zone():
            spans = sorted({(a, b) for _, a, b in self._matcher(_doc(folded))})
        return [Match(a, b, tuple(self._names[tuple(folded[a:b])])) for a, b in spans]

    def names(self) -> Iterable[tuple[tuple[str, ...], list[Name]]]:
        """All names by their folded words."""
        return self._names.items()


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


def _doc(folded: Sequence[str]) -> Doc:
    return Doc(nlp().vocab, words=list(folded))
