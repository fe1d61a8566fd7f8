"""Figures from parses of held-out sentences. Shares are between 0 and 1; None where nothing was."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.nlu.calibration import DANGER, OUT_OF_SCOPE
from bot.nlu.evaluate_sets import LanguageLine, NamesLine, Sentence

FALLBACK = "nlu_fallback"
COUNTRY = "country"
SURE = 0.8
LARGEST_FALL = 0.02
COMPARED = ("accuracy", "danger_recall", "country_recall", "language_right")
"""Of these no language may fall by more than LARGEST_FALL."""


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


@dataclass(frozen=True)
class Figures:
    """One language's result, or that of all."""

    sentences: int
    accuracy: float | None
    by_style: dict[str, float]
    by_intent: dict[str, float]
    out_of_scope_recall: float | None
    in_scope_refused: float | None
    danger_recall: float | None
    danger_false_alarms: float | None
    right_when_sure: float | None
    country_recall: float | None
    country_precision: float | None
    other_names_recall: float | None
    """Permits and programmes."""
    language_right: float | None
    p50_ms: float | None
    p95_ms: float | None
    missed: list[str]
    """Fingerprints of the sentences that were not understood."""


Understood = list[tuple[Sentence, Parsed]]
Placed = list[tuple[NamesLine, Parsed]]
Spoken = list[tuple[LanguageLine, Parsed]]


def figures(sentences: Understood, places: Placed, languages: Spoken) -> Figures:
    """All figures of one language."""
    inside = [(s, p) for s, p in sentences if s.intent != OUT_OF_SCOPE]
    outside = [(s, p) for s, p in sentences if s.intent == OUT_OF_SCOPE]
    danger = [(s, p) for s, p in sentences if s.intent == DANGER]
    no_danger = [(s, p) for s, p in sentences if s.intent != DANGER]
    sure = [(s, p) for s, p in sentences if p.confidence >= SURE and p.intent != FALLBACK]
    expected, found, hits = _counted([pair for pair in places if pair[0].entity == COUNTRY])
    others, _, other_hits = _counted([pair for pair in places if pair[0].entity != COUNTRY])
    times = sorted(p.milliseconds for _, p in sentences)
    return Figures(
        sentences=len(sentences),
        accuracy=_share(_right(s, p) for s, p in inside),
        by_style=_shares((s.style, _right(s, p)) for s, p in inside),
        by_intent=_shares((s.intent, _right(s, p)) for s, p in sentences),
        out_of_scope_recall=_share(_refused(p) for _, p in outside),
        in_scope_refused=_share(_refused(p) for _, p in inside),
        danger_recall=_share(p.intent == DANGER for _, p in danger),
        danger_false_alarms=_share(p.intent == DANGER for _, p in no_danger),
        right_when_sure=_share(_right(s, p) for s, p in sure),
        country_recall=hits / expected if expected else None,
        country_precision=hits / found if found else None,
        other_names_recall=other_hits / others if others else None,
        language_right=_share(p.language == line.language for line, p in languages),
        p50_ms=_quantile(times, 0.5),
        p95_ms=_quantile(times, 0.95),
        missed=sorted(mark(s.text) for s, p in inside if not _right(s, p)),
    )


def names_mistakes(places: Placed) -> list[str]:
    """Lines in which names were missed or invented."""
    return [
        f"{line.entity} {sorted(line.values)} -> {sorted(_found(line, parsed))}: {line.text}"
        for line, parsed in places
        if _found(line, parsed) != line.values
    ]


def confusion(sentences: Understood) -> list[tuple[str, str, int]]:
    """(meant, understood, times), the most frequent mistakes first."""
    counts = Counter((s.intent, p.intent) for s, p in sentences if not _right(s, p))
    return [(meant, understood, times) for (meant, understood), times in counts.most_common()]


def falls(
    now: dict[str, Figures], before: dict[str, Any], sentences: dict[str, Understood]
) -> list[str]:
    """What got worse by more than LARGEST_FALL since `before`, with the guilty sentences."""
    complaints = []
    for language, current in now.items():
        earlier = before.get(language)
        if not earlier:
            continue
        for name in COMPARED:
            was, is_now = earlier.get(name), getattr(current, name)
            if was is not None and is_now is not None and is_now < was - LARGEST_FALL:
                complaints.append(f"{language}: {name} fell from {was:.3f} to {is_now:.3f}.")
                if name == "accuracy":
                    known = set(earlier.get("missed", ()))
                    complaints += _guilty(sentences[language], known)
    return complaints


def as_json(all_figures: dict[str, Figures]) -> dict[str, Any]:
    """For var/evaluation.json and tests/nlu/baseline.json."""
    return {language: asdict(value) for language, value in all_figures.items()}


def mark(text: str) -> str:
    """A short fingerprint of a sentence."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _guilty(sentences: Understood, known: set[str]) -> list[str]:
    return [
        f"    {s.intent} -> {p.intent} ({p.confidence:.2f}): {s.text}"
        for s, p in sentences
        if not _right(s, p) and mark(s.text) not in known and s.intent != OUT_OF_SCOPE
    ]


def _counted(places: Placed) -> tuple[int, int, int]:
    """How many names there are, were found, and were found rightly."""
    return (
        sum(len(line.values) for line, _ in places),
        sum(len(_found(line, parsed)) for line, parsed in places),
        sum(len(line.values & _found(line, parsed)) for line, parsed in places),
    )


def _found(line: NamesLine, parsed: Parsed) -> frozenset[str]:
    return frozenset(value for entity, value in parsed.names if entity == line.entity)


def _right(sentence: Sentence, parsed: Parsed) -> bool:
    return parsed.intent == sentence.intent


def _refused(parsed: Parsed) -> bool:
    return parsed.intent in {OUT_OF_SCOPE, FALLBACK}


def _share(outcomes: Iterable[bool]) -> float | None:
    counted = list(outcomes)
    return sum(counted) / len(counted) if counted else None


def _shares(outcomes: Iterable[tuple[str, bool]]) -> dict[str, float]:
    grouped: dict[str, list[bool]] = {}
    for key, outcome in outcomes:
        grouped.setdefault(key, []).append(outcome)
    return {key: sum(group) / len(group) for key, group in sorted(grouped.items())}


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else None
