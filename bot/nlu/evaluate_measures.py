"""What is measured: each share, what it is taken of, and which sentences spoil it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from bot.nlu.calibration import DANGER, OUT_OF_SCOPE
from bot.nlu.evaluate_sets import LanguageLine, NamesLine, Sentence, TwoLine
from wegweiser.checks.held_out import bare

FALLBACK = "nlu_fallback"
COUNTRY = "country"
SURE = 0.8


@dataclass(frozen=True)
class Parsed:
    """What the assistant made of a text, and in how many milliseconds."""

    intent: str
    confidence: float
    likeliest: str
    names: frozenset[tuple[str, str]]
    """(entity, value) of everything found."""
    language: str
    milliseconds: float
    also: tuple[str, ...] = ()
    """What is offered as a second question."""


Understood = list[tuple[Sentence, Parsed]]
Placed = list[tuple[NamesLine, Parsed]]
Spoken = list[tuple[LanguageLine, Parsed]]
AskedTwice = list[tuple[TwoLine, Parsed]]


@dataclass(frozen=True)
class Parses:
    """One language's held-out lines and what was made of them."""

    sentences: Understood = field(default_factory=list)
    places: Placed = field(default_factory=list)
    languages: Spoken = field(default_factory=list)
    two: AskedTwice = field(default_factory=list)
    trained: AbstractSet[str] = frozenset()
    """The training examples of all languages, as `wegweiser.checks.held_out.bare` gives them."""


@dataclass(frozen=True)
class Case:
    """A sentence or a name that a share is taken of."""

    key: str
    """Sentence and name: the same from one evaluation to the next."""
    counted: bool
    told: str
    """What was expected, what was understood, and where."""

    @property
    def mark(self) -> str:
        """A short fingerprint of the key."""
        return hashlib.sha256(self.key.encode("utf-8", "replace")).hexdigest()[:10]


@dataclass(frozen=True)
class Measure:
    """A share: of all cases those that are counted."""

    cases: Callable[[Parses], list[Case]]
    more_is_better: bool = True

    def share(self, parses: Parses) -> float | None:
        """Between 0 and 1; None where there are no cases."""
        return share(case.counted for case in self.cases(parses))

    def mistakes(self, parses: Parses) -> list[Case]:
        """The cases that make the share worse."""
        return [case for case in self.cases(parses) if case.counted != self.more_is_better]


def right(sentence: Sentence, parsed: Parsed) -> bool:
    """Whether a sentence was understood as what it means."""
    return parsed.intent == sentence.intent


def refused(sentence: Sentence, parsed: Parsed) -> bool:
    """Whether the assistant said that it has no answer, in either way."""
    return parsed.intent in {OUT_OF_SCOPE, FALLBACK}


def in_scope(parses: Parses) -> Understood:
    """The sentences that the assistant has an answer to."""
    return [(s, p) for s, p in parses.sentences if s.intent != OUT_OF_SCOPE]


def out_of_scope(parses: Parses) -> Understood:
    """The sentences that it has no answer to."""
    return [(s, p) for s, p in parses.sentences if s.intent == OUT_OF_SCOPE]


def found(line: NamesLine, parsed: Parsed) -> frozenset[str]:
    """The values that were found of the line's entity."""
    return frozenset(value for entity, value in parsed.names if entity == line.entity)


def share(outcomes: Iterable[bool]) -> float | None:
    """How many of them are true, between 0 and 1; None of nothing."""
    counted = list(outcomes)
    return sum(counted) / len(counted) if counted else None


def _unseen(parses: Parses) -> Understood:
    return [(s, p) for s, p in in_scope(parses) if bare(s.text) not in parses.trained]


def _danger(parses: Parses) -> Understood:
    return [(s, p) for s, p in parses.sentences if s.intent == DANGER]


def _no_danger(parses: Parses) -> Understood:
    return [(s, p) for s, p in parses.sentences if s.intent != DANGER]


def _sure(parses: Parses) -> Understood:
    return [(s, p) for s, p in parses.sentences if p.confidence >= SURE and p.intent != FALLBACK]


def _alarmed(sentence: Sentence, parsed: Parsed) -> bool:
    return parsed.intent == DANGER


def _of_sentences(
    which: Callable[[Parses], Understood], counted: Callable[[Sentence, Parsed], bool]
) -> Callable[[Parses], list[Case]]:
    return lambda parses: [
        Case(s.text, counted(s, p), f"{s.intent} -> {p.intent} ({p.confidence:.2f}): {s.text}")
        for s, p in which(parses)
    ]


def _expected_names(parses: Parses, *, countries: bool) -> list[Case]:
    return [
        _name(line, value, value in found(line, parsed), "missed")
        for line, parsed in parses.places
        if (line.entity == COUNTRY) == countries
        for value in sorted(line.values)
    ]


def _found_countries(parses: Parses) -> list[Case]:
    return [
        _name(line, value, value in line.values, "invented")
        for line, parsed in parses.places
        if line.entity == COUNTRY
        for value in sorted(found(line, parsed))
    ]


def _name(line: NamesLine, value: str, counted: bool, otherwise: str) -> Case:
    return Case(f"{line.text} {value}", counted, f"{line.entity} {value} {otherwise}: {line.text}")


def _languages(parses: Parses) -> list[Case]:
    return [
        Case(
            line.text,
            parsed.language == line.language,
            f"language {line.language} -> {parsed.language}: {line.text}",
        )
        for line, parsed in parses.languages
    ]


def _both(line: TwoLine, parsed: Parsed) -> bool:
    return {line.first, line.second} <= {parsed.intent, *parsed.also}


def _one_of_both(line: TwoLine, parsed: Parsed) -> bool:
    return parsed.intent in {line.first, line.second}


def _of_two(counted: Callable[[TwoLine, Parsed], bool]) -> Callable[[Parses], list[Case]]:
    return lambda parses: [
        Case(
            line.text,
            counted(line, parsed),
            f"{line.first} + {line.second} -> "
            f"{' + '.join([parsed.intent, *parsed.also])}: {line.text}",
        )
        for line, parsed in parses.two
    ]


def _offered_more(_: Sentence, parsed: Parsed) -> bool:
    return bool(parsed.also)


MEASURES: dict[str, Measure] = {
    "accuracy": Measure(_of_sentences(in_scope, right)),
    "accuracy_unseen": Measure(_of_sentences(_unseen, right)),
    "out_of_scope_recall": Measure(_of_sentences(out_of_scope, refused)),
    "in_scope_refused": Measure(_of_sentences(in_scope, refused), more_is_better=False),
    "danger_recall": Measure(_of_sentences(_danger, _alarmed)),
    "danger_false_alarms": Measure(_of_sentences(_no_danger, _alarmed), more_is_better=False),
    "right_when_sure": Measure(_of_sentences(_sure, right)),
    "country_recall": Measure(lambda parses: _expected_names(parses, countries=True)),
    "country_precision": Measure(_found_countries),
    "other_names_recall": Measure(lambda parses: _expected_names(parses, countries=False)),
    "language_right": Measure(_languages),
    "both_found": Measure(_of_two(_both)),
    "one_of_both_answered": Measure(_of_two(_one_of_both)),
    "second_invented": Measure(_of_sentences(in_scope, _offered_more), more_is_better=False),
}
"""All shares of `Figures`, by name; of none may a language fall (`evaluate_guard`)."""


def marks(cases: Collection[Case]) -> list[str]:
    """Their fingerprints, in order, none twice."""
    return sorted({case.mark for case in cases})
