"""Figures from parses of held-out sentences. Shares are between 0 and 1; None where nothing was."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.nlu.evaluate_measures import (
    MEASURES,
    Parses,
    Placed,
    Understood,
    found,
    in_scope,
    marks,
    out_of_scope,
    refused,
    right,
)


@dataclass(frozen=True)
class Figures:
    """One language's result, or that of all."""

    sentences: int
    accuracy: float | None
    """In scope, as all that follow but what is said to be otherwise."""
    accuracy_unseen: float | None
    """Without the sentences that stand in the training data."""
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
    both_found: float | None
    """Of messages that ask two things: one is answered and the other offered."""
    one_of_both_answered: float | None
    second_invented: float | None
    """Of messages that ask one thing: another is offered."""
    p50_ms: float | None
    p95_ms: float | None
    by_style: dict[str, float]
    by_intent: dict[str, float]
    """Of all sentences; what is out of scope is right when it is refused."""
    cases: dict[str, int]
    """Of how many sentences or names each share is taken."""
    mistakes: dict[str, list[str]]
    """Fingerprints of the sentences and names that spoil each share."""


def figures(parses: Parses) -> Figures:
    """All figures of one language."""
    shares = {name: measure.share(parses) for name, measure in MEASURES.items()}
    times = sorted(p.milliseconds for _, p in parses.sentences)
    return Figures(
        sentences=len(parses.sentences),
        p50_ms=_quantile(times, 0.5),
        p95_ms=_quantile(times, 0.95),
        by_style=_shares((s.style, right(s, p)) for s, p in in_scope(parses)),
        by_intent=_shares((s.intent, right(s, p)) for s, p in in_scope(parses))
        | _shares((s.intent, refused(s, p)) for s, p in out_of_scope(parses)),
        cases={name: len(measure.cases(parses)) for name, measure in MEASURES.items()},
        mistakes={name: marks(measure.mistakes(parses)) for name, measure in MEASURES.items()},
        **shares,
    )


def names_mistakes(places: Placed) -> list[str]:
    """Lines in which names were missed or invented."""
    return [
        f"{line.entity} {sorted(line.values)} -> {sorted(found(line, parsed))}: {line.text}"
        for line, parsed in places
        if found(line, parsed) != line.values
    ]


def confusion(sentences: Understood) -> list[tuple[str, str, int]]:
    """(meant, understood, times), the most frequent mistakes first."""
    counts = Counter((s.intent, p.intent) for s, p in sentences if not right(s, p))
    return [(meant, understood, times) for (meant, understood), times in counts.most_common()]


def weakest_intents(
    result: Mapping[str, Figures], most: int = 10
) -> list[tuple[str, float, float, list[str]]]:
    """(intent, mean over languages, least, languages that have the least), the weakest first."""
    intents = {intent for value in result.values() for intent in value.by_intent}
    rows = []
    for intent in sorted(intents):
        shares = {
            code: value.by_intent[intent]
            for code, value in result.items()
            if intent in value.by_intent
        }
        least = min(shares.values())
        where = [code for code, share in shares.items() if share == least]
        rows.append((intent, statistics.fmean(shares.values()), least, where))
    return sorted(rows, key=lambda row: row[1])[:most]


def as_json(all_figures: Mapping[str, Figures]) -> dict[str, Any]:
    """For var/evaluation.json and tests/nlu/baseline.json."""
    return {language: asdict(value) for language, value in all_figures.items()}


def _shares(outcomes: Iterable[tuple[str, bool]]) -> dict[str, float]:
    grouped: dict[str, list[bool]] = {}
    for key, outcome in outcomes:
        grouped.setdefault(key, []).append(outcome)
    return {key: sum(group) / len(group) for key, group in sorted(grouped.items())}


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else None
