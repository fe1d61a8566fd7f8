"""The result of an evaluation as one HTML page with plots inside it."""

from __future__ import annotations

import base64
import html
import io
import itertools
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import matplotlib
import numpy as np

from bot.nlu.evaluate_figures import COMPARED, FALLBACK, Figures, Understood, confusion
from bot.nlu.evaluate_stock import beside_stock
from bot.nlu.paths import STOCK_RESULT

matplotlib.use("Agg")
from matplotlib import pyplot

_STYLE = (
    "body{font-family:sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2em .6em;text-align:right}"
    "td:first-child,th:first-child{text-align:left}img{max-width:100%}"
)
_LISTS = frozenset({"by_style", "by_intent", "missed"})


SLOWEST = 15


def page(
    result: dict[str, Figures],
    understood: dict[str, Understood],
    before: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """The whole page; `before` is the result that was last committed, by language."""
    everything = [pair for pairs in understood.values() for pair in pairs]
    names = [field.name for field in fields(Figures) if field.name not in _LISTS]
    rows = [[name, *(_number(getattr(value, name)) for value in result.values())] for name in names]
    styles = sorted({style for value in result.values() for style in value.by_style})
    style_rows = [
        [style, *(_number(value.by_style.get(style)) for value in result.values())]
        for style in styles
    ]
    stock_head, *stock_rows = beside_stock(result, STOCK_RESULT)
    mistakes = [[meant, got, str(times)] for meant, got, times in confusion(everything)[:40]]
    parts = [
        "<!doctype html><meta charset=utf-8><title>Evaluation</title>",
        f"<style>{_STYLE}</style><h1>How well it understands</h1>",
        _table(["", *result], rows),
        "<h2>Beside the result that was last committed</h2>",
        _table(["", "before", "now"], _side_by_side(result, before or {})),
        "<h2>Beside stock Rasa</h2>",
        _table(stock_head, stock_rows),
        "<h2>By style</h2>",
        _table(["", *result], style_rows),
        "<h2>Reliability</h2>",
        _image(_reliability(everything)),
        "<h2>Confusion</h2>",
        _image(_matrix(everything)),
        _table(["meant", "understood", "times"], mistakes),
        "<h2>Slowest</h2>",
        _table(["milliseconds", "characters", "text"], _slowest(everything)),
    ]
    return "\n".join(parts)


def _side_by_side(
    result: dict[str, Figures], before: Mapping[str, Mapping[str, Any]]
) -> list[list[str]]:
    return [
        [
            f"{language} {name.replace('_', ' ')}",
            _number(before.get(language, {}).get(name)),
            _number(getattr(value, name)),
        ]
        for language, value in result.items()
        for name in COMPARED
    ]


def _slowest(pairs: Understood) -> list[list[str]]:
    slow = sorted(pairs, key=lambda pair: -pair[1].milliseconds)[:SLOWEST]
    return [[f"{p.milliseconds:.1f}", str(len(s.text)), s.text[:120]] for s, p in slow]


def _reliability(pairs: Understood) -> pyplot.Figure:
    """How often judgements of a given confidence are right."""
    answered = [(p.confidence, p.intent == s.intent) for s, p in pairs if p.intent != FALLBACK]
    figure, axes = pyplot.subplots(figsize=(5, 5))
    edges = np.linspace(0, 1, 11)
    for low, high in itertools.pairwise(edges):
        inside = [right for confidence, right in answered if low <= confidence < high + 1e-9]
        if inside:
            middle = (low + high) / 2
            axes.bar(middle, sum(inside) / len(inside), width=0.09, color="#4477aa")
            axes.text(middle, 0.02, str(len(inside)), ha="center", fontsize=7)
    axes.plot([0, 1], [0, 1], color="#888888", linewidth=1)
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1))
    return figure


def _matrix(pairs: Understood) -> pyplot.Figure:
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


def _image(figure: pyplot.Figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    pyplot.close(figure)
    return (
        f"<img alt='' src='data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}'>"
    )


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [_row("th", head), *(_row("td", row) for row in rows)]
    return f"<table>{''.join(lines)}</table>"


def _row(tag: str, cells: list[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{html.escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
