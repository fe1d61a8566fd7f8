"""The plots of an evaluation, each a matplotlib figure."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np

from bot.nlu.evaluate_figures import Figures
from bot.nlu.evaluate_measures import FALLBACK, Understood, right

matplotlib.use("Agg")
from matplotlib import pyplot

_BAR, _LINE = "#4477aa", "#cc3311"
_RECALLS = (
    ("out_of_scope_recall", "out of scope found"),
    ("danger_recall", "danger found"),
    ("country_recall", "countries found"),
)

Before = Mapping[str, Mapping[str, Any]]
"""The result that was last committed, by language."""


def accuracy(result: Mapping[str, Figures], before: Before) -> pyplot.Figure:
    """Bars of the languages, in scope; a thin line is what was last committed."""
    figure, axes = pyplot.subplots(figsize=(11, 3))
    _bars(
        axes,
        list(result),
        [value.accuracy for value in result.values()],
        [before.get(code, {}).get("accuracy") for code in result],
    )
    axes.set_ylabel("accuracy, in scope")
    figure.tight_layout()
    return figure


def styles(result: Mapping[str, Figures], before: Before) -> pyplot.Figure:
    """Bars of the styles: means over the languages that have the style."""
    names = sorted({style for value in result.values() for style in value.by_style})
    earlier = [before.get(code, {}).get("by_style", {}) for code in result]
    figure, axes = pyplot.subplots(figsize=(11, 3))
    _bars(
        axes,
        names,
        [_mean([value.by_style.get(name) for value in result.values()]) for name in names],
        [_mean([one.get(name) for one in earlier]) for name in names],
    )
    axes.set_ylabel("accuracy, in scope")
    figure.tight_layout()
    return figure


def recalls(result: Mapping[str, Figures], before: Before) -> pyplot.Figure:
    """Bars of the languages: out of scope, danger and countries."""
    figure, rows = pyplot.subplots(len(_RECALLS), 1, figsize=(11, 8))
    for axes, (name, title) in zip(rows, _RECALLS, strict=True):
        _bars(
            axes,
            list(result),
            [getattr(value, name) for value in result.values()],
            [before.get(code, {}).get(name) for code in result],
        )
        axes.set_ylabel(title)
    figure.tight_layout()
    return figure


def intents(result: Mapping[str, Figures]) -> pyplot.Figure:
    """Heat map of intents and languages; the share is written where it is below one."""
    names = sorted({intent for value in result.values() for intent in value.by_intent})
    shares = np.array(
        [[value.by_intent.get(name, np.nan) for value in result.values()] for name in names]
    ).reshape(len(names), len(result))
    figure, axes = pyplot.subplots(figsize=(11, 2 + 0.25 * len(names)))
    picture = axes.imshow(shares, cmap="RdYlGn", vmin=0.4, vmax=1, aspect="auto")
    axes.set_xticks(range(len(result)), labels=list(result))
    axes.set_yticks(range(len(names)), labels=names, fontsize=7)
    for row, column in np.argwhere(shares < 1):
        axes.text(column, row, f"{shares[row, column]:.2f}", ha="center", va="center", fontsize=6)
    figure.colorbar(picture, ax=axes, shrink=0.5)
    figure.tight_layout()
    return figure


def reliability(pairs: Understood) -> pyplot.Figure:
    """How often judgements of a given confidence are right."""
    answered = [(p.confidence, right(s, p)) for s, p in pairs if p.intent != FALLBACK]
    figure, axes = pyplot.subplots(figsize=(5, 5))
    edges = np.linspace(0, 1, 11)
    for low, high in itertools.pairwise(edges):
        inside = [hit for confidence, hit in answered if low <= confidence < high + 1e-9]
        if inside:
            middle = (low + high) / 2
            axes.bar(middle, sum(inside) / len(inside), width=0.09, color=_BAR)
            axes.text(middle, 0.02, str(len(inside)), ha="center", fontsize=7)
    axes.plot([0, 1], [0, 1], color="#888888", linewidth=1)
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1))
    return figure


def matrix(pairs: Understood) -> pyplot.Figure:
    """What was meant against what was understood; the root of the number, so that few show too."""
    names = sorted({s.intent for s, _ in pairs} | {p.intent for _, p in pairs})
    counts = np.zeros((len(names), len(names)))
    for sentence, parsed in pairs:
        counts[names.index(sentence.intent), names.index(parsed.intent)] += 1
    figure, axes = pyplot.subplots(figsize=(11, 10))
    axes.imshow(np.sqrt(counts), cmap="Blues")
    axes.set_xticks(range(len(names)), labels=names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), labels=names, fontsize=7)
    axes.set(xlabel="understood", ylabel="meant")
    figure.tight_layout()
    return figure


def _bars(
    axes: pyplot.Axes,
    names: list[str],
    now: Sequence[float | None],
    before: Sequence[float | None],
) -> None:
    axes.bar(names, [value or 0 for value in now], color=_BAR, width=0.7)
    for at, (value, was) in enumerate(zip(now, before, strict=True)):
        if value is not None:
            # Where a bar begins there is always room, and a long one needs no number on top.
            axes.text(at, 0.02, f"{value:.3f}", ha="center", fontsize=7, color="white")
        if was is not None:
            axes.hlines(was, at - 0.4, at + 0.4, color=_LINE, linewidth=1)
    axes.set_ylim(0, 1.05)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else None
