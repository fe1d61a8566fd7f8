"""Finding requests: by a reference number, by words in any script, by country and topic.

Words are found through ``desk.search_index``, since the texts themselves are encrypted.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from desk.models import InformationRequest, SearchWord
from desk.requests import parse_reference
from desk.search_index import sought
from wegweiser.folding import words

MOST_TERMS = 8
"""Words that are looked for together."""


@dataclass(frozen=True)
class Term:
    """One thing looked for: a word in the texts, or the name of a country or topic."""

    hashes: tuple[int, ...]
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """What somebody typed, read: a reference number, or terms that must all be found."""

    reference: str = ""
    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.reference or self.terms)


def parse(text: str, countries: dict[str, str], topics: dict[str, str]) -> Search:
    """Read what somebody typed.

    Args:
        text: as typed.
        countries: code to name, in the language of the counsellor.
        topics: the same for the topics of requests.
    """
    reference = parse_reference(text)
    if reference:
        return Search(reference=reference)
    typed = words(text)[:MOST_TERMS]
    by_name = {tuple(words(name)): code for code, name in countries.items()}
    terms: list[Term] = []
    at = 0
    while at < len(typed):
        # "Sri Lanka", "Bosnia and Herzegovina": the longest name that stands here.
        for length in range(len(typed) - at, 0, -1):
            part = tuple(typed[at : at + length])
            if length == 1 or part in by_name:
                terms.append(_term(part, by_name, topics))
                at += length
                break
    return Search(terms=tuple(terms))


def _term(
    part: tuple[str, ...], by_name: dict[tuple[str, ...], str], topics: dict[str, str]
) -> Term:
    hashed = tuple(sought(word) for word in part)
    if len(part) > 1:
        return Term(hashed, countries=(by_name[part],))
    word = part[0]
    return Term(
        hashed,
        countries=tuple(code for name, code in by_name.items() if _names(word, name)),
        topics=tuple(code for code, name in topics.items() if _names(word, tuple(words(name)))),
    )


def _names(word: str, name: tuple[str, ...]) -> bool:
    """Whether a word is a name of one word, or the beginning of one of its words."""
    return name == (word,) or any(len(word) >= 4 and one.startswith(word) for one in name)


def narrow(found: QuerySet[InformationRequest], search: Search) -> QuerySet[InformationRequest]:
    """Of these requests, those in which everything is found."""
    if search.reference:
        return found.filter(reference=search.reference)
    for term in search.terms:
        in_texts = Q()
        for word in term.hashes:
            with_word = SearchWord.objects.filter(word=word).values("request")
            in_texts &= Q(pk__in=with_word)
        named = Q(country__in=term.countries) if term.countries else Q()
        if term.topics:
            named |= Q(topic__in=term.topics)
        found = found.filter(in_texts | named if named else in_texts)
    return found
