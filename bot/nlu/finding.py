"""Finds names, references and numbers in a text, and decides between readings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.nlu.country_names import COUNTRY, country_names, only_after, prefixes
from bot.nlu.misspelt import Misspelt
from bot.nlu.names import Gazetteer, Match, Name, Word, longest, split
from bot.nlu.normalize import fold
from bot.nlu.patterns import Shape, figures, references
from bot.nlu.places import language_cues, lone_letters, other_names
from bot.nlu.words import LONGEST

_COMMON = frozenset({"en", "de", "fr"})
"""Languages whose short names count in any text: everybody here meets them every day."""
_SHORT = 4
_OF_ONE_LANGUAGE = frozenset({"number", "topic"})
"""Everyday words: in another language they mean something else."""
_PREPOSITIONS = ("ب", "ل", "ع", "وب", "ول")
"""Arabic prepositions written to a name; و (and) and ال (the) say nothing about a place."""
_LOWER_CASE_TOO = frozenset(
    {"rif", "raz", "rez", "evz", "jrs", "reag", "garp", "zirf", "ofr", "eurp", "ura"}
)
"""Short names in capitals that are no word in any language and may be typed without."""
_ANOTHER_BEFORE = frozenset(
    {("rez", "de"), ("rif", "dimashq"), ("rif", "dimashk"), ("rif", "damas")}
)
_ANOTHER_AFTER = frozenset({("du", "Rif"), ("el", "Rif"), ("er", "Rif"), ("le", "Rif")})
"""Something else with the word after or before it: a floor, regions of Syria and Morocco."""


class NameFinder:
    """All names in memory. Building it takes about two seconds."""

    def __init__(self) -> None:
        countries = country_names()
        self._gazetteer = Gazetteer([*countries, *other_names()], prefixes())
        states = frozenset(country_names(nationalities=False))
        people = [name for name in countries if name not in states]
        # The same objects as in the gazetteer: there are over 100,000.
        self._misspelt = Misspelt([name for name in countries if name in states], prefixes())
        self._misspelt_people = Misspelt(people, prefixes(), of_people=True)
        self._only_after = only_after()
        self._cues = language_cues()
        self._letters = lone_letters()

    def find(
        self, text: str, language: str | None = None, *, parted: Sequence[Word] | None = None
    ) -> list[dict[str, Any]]:
        """Entities in the order of the text, as Rasa writes them.

        `language` is that of the text, if known: it decides between spellings of two languages.
        `parted` is the text's `split`, where somebody has done that already.
        """
        text = text[:LONGEST]
        parted = split(text) if parted is None else parted
        text_words = [
            self._gazetteer.without_prefix(part)
            for word in parted
            for part in self._gazetteer.parts(word)
        ]
        shapes = list(references(text))
        found = [_entity(text, shape) for shape in shapes]
        free = [word for word in text_words if not _covered(word.start, word.end, shapes)]
        for match in self._matches(free, language):
            for name in self._readings(match, free, language):
                start, end = free[match.first].start, free[match.last - 1].end
                value = name.value or ""
                shape_value = int(value) if name.entity == "number" else value
                found.append(_entity(text, Shape(name.entity, shape_value, start, end)))
        found += self._lone_letter(free, text)
        taken = [Shape("", "", entity["start"], entity["end"]) for entity in found]
        found += [
            _entity(text, shape)
            for shape in figures(text)
            if not _covered(shape.start, shape.end, taken)
        ]
        return sorted(found, key=lambda entity: (entity["start"], entity["entity"]))

    def _matches(self, text_words: Sequence[Word], language: str | None) -> list[Match]:
        """Exact and misspelt names, without overlap; topics give way to everything else."""
        usable = []
        exact = self._gazetteer.find(text_words)
        for match in exact:
            names = tuple(
                name for name in match.names if self._counts(name, match, text_words, language)
            )
            if names:
                usable.append(Match(match.first, match.last, names))
        firm = [match for match in usable if any(name.entity != "topic" for name in match.names)]
        chosen = longest(firm)
        # What is a name letter by letter and still does not count is no misspelt name either.
        chosen = longest([*chosen, *self._misspelt.find(text_words, exact, language)])
        people = self._misspelt_people.find(text_words, [*exact, *chosen], language)
        about_people = (m for m in people if not self._is_about_language(m, text_words))
        chosen = longest([*chosen, *about_people])
        taken = {place for match in chosen for place in range(match.first, match.last)}
        topics = [
            match
            for match in usable
            if match not in firm and not taken & set(range(match.first, match.last))
        ]
        return sorted([*chosen, *longest(topics)], key=lambda match: match.first)

    def _counts(
        self, name: Name, match: Match, text_words: Sequence[Word], language: str | None
    ) -> bool:
        """Whether the words can mean this name here at all."""
        matched = text_words[match.first : match.last]
        folded = "".join(word.folded for word in matched)
        if name.text.isupper() and len(name.text) <= _SHORT and name.text.isascii():
            written = "".join(word.text for word in matched)
            typed = folded in _LOWER_CASE_TOO and not _is_another(match, text_words)
            return written.isupper() or typed
        if name.entity == COUNTRY and self._only_after.asks(folded, matched[0].text):
            return self._has_leave(match, text_words)
        if name.language and name.language != language:
            return self._counts_abroad(name, folded, matched[0].text)
        return True

    def _counts_abroad(self, name: Name, folded: str, written: str) -> bool:
        """Whether a name of one language counts in a text of another."""
        if name.entity in _OF_ONE_LANGUAGE:
            return False
        if name.language in _COMMON or len(folded) > _SHORT:
            return True
        return folded.isascii() and written[0].isupper()

    def _has_leave(self, match: Match, text_words: Sequence[Word]) -> bool:
        """Alone, beside a word that asks for a place, or with a preposition written to it."""
        before = text_words[match.first - 1].folded if match.first else None
        after = text_words[match.last].folded if match.last < len(text_words) else None
        word = text_words[match.first]
        return (
            len(text_words) == match.last - match.first
            or before in self._only_after.after
            or after in self._only_after.before
            or fold(word.text).removesuffix(word.folded) in _PREPOSITIONS
        )

    def _readings(
        self, match: Match, text_words: Sequence[Word], language: str | None
    ) -> Iterator[Name]:
        """One name for each kind of thing that the words mean."""
        by_kind: dict[str, list[Name]] = {}
        for name in match.names:
            by_kind.setdefault(name.entity, []).append(name)
        if COUNTRY in by_kind and "language" in by_kind:
            if self._is_about_language(match, text_words):
                del by_kind[COUNTRY]
            elif len(text_words) > match.last - match.first:
                del by_kind["language"]
        for kind, names in by_kind.items():
            if kind == "topic" and len(by_kind) > 1:
                continue
            own = [name for name in names if name.language == language]
            if kind == "programme":
                # EURP, JRS: two host countries, one name. The dialogue knows which is meant.
                yield from {name.value: name for name in names}.values()
                continue
            best = (own or names)[0] if kind == COUNTRY else names[0]
            if best.value is not None:
                yield best

    def _is_about_language(self, match: Match, text_words: Sequence[Word]) -> bool:
        near = text_words[max(0, match.first - 3) : match.last + 2]
        return any(word.folded in self._cues for word in near)

    def _lone_letter(self, text_words: Sequence[Word], text: str) -> Iterator[dict[str, Any]]:
        """ "F" in answer to "which permit?"."""
        if len(text_words) == 1 and text_words[0].folded in self._letters:
            word = text_words[0]
            value = self._letters[word.folded]
            yield _entity(text, Shape("status", value, word.start, word.end))


def _is_another(match: Match, text_words: Sequence[Word]) -> bool:
    """Whether the words around a short name make it mean something else."""
    word = text_words[match.first]
    before = text_words[match.first - 1].folded if match.first else ""
    after = text_words[match.last].folded if match.last < len(text_words) else ""
    return (word.folded, after) in _ANOTHER_BEFORE or (before, word.text) in _ANOTHER_AFTER


def _covered(start: int, end: int, shapes: Sequence[Shape]) -> bool:
    return any(start < shape.end and shape.start < end for shape in shapes)


def _entity(text: str, shape: Shape) -> dict[str, Any]:
    return {
        "entity": shape.entity,
        "value": shape.value,
        "start": shape.start,
        "end": shape.end,
        "text": text[shape.start : shape.end],
        "extractor": "Names",
    }
