"""The result of an evaluation as one HTML page with plots inside it."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping
from typing import Any

from matplotlib import pyplot

from bot.nlu import evaluate_plots as plots
from bot.nlu.evaluate_figures import Figures, confusion
from bot.nlu.evaluate_measures import MEASURES, Parses, Understood
from bot.nlu.evaluate_stock import beside_stock
from bot.nlu.paths import STOCK_RESULT

_STYLE = (
    "body{font-family:sans-serif;max-width:80em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2em .6em;text-align:right}"
    "td:first-child,th:first-child{text-align:left}img{max-width:100%}"
    ".wide{overflow-x:auto;font-size:80%}"
)
_SINGLE = ("sentences", *MEASURES)
_TIMES = ("p50_ms", "p95_ms")
_LINE = "<p>A thin line is the result that was last committed.</p>"
SLOWEST = 15


def page(
    result: Mapping[str, Figures],
    parses: Mapping[str, Parses],
    before: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """The whole page; `before` is the result that was last committed, by language."""
    before = before or {}
    everything = [pair for one in parses.values() for pair in one.sentences]
    figures = [
        [_title(name), *(_number(getattr(value, name)) for value in result.values())]
        for name in (*_SINGLE, *_TIMES)
    ]
    stock_head, *stock_rows = beside_stock(result, STOCK_RESULT)
    mistakes = [[meant, got, str(times)] for meant, got, times in confusion(everything)[:40]]
    parts = [
        "<!doctype html><meta charset=utf-8><title>Evaluation</title>",
        f"<style>{_STYLE}</style><h1>How well it understands</h1>",
        _table(["", *result], figures),
        "<h2>By language</h2>",
        _image(plots.accuracy(result, before), "accuracy of each language"),
        "<h2>Out of scope, danger, countries</h2>",
        _image(plots.recalls(result, before), "what is found in each language"),
        "<h2>By style</h2>",
        _image(plots.styles(result, before), "accuracy of each style"),
        _LINE,
        "<h2>By intent</h2>",
        _image(plots.intents(result), "accuracy of each intent in each language"),
        "<h2>Beside the result that was last committed</h2>",
        "<p>Before → now; one number where nothing has changed.</p>",
        _table(["", *result], _side_by_side(result, before)),
        "<h2>Beside stock Rasa</h2>",
        _table(stock_head, stock_rows),
        "<h2>Reliability</h2>",
        _image(plots.reliability(everything), "confidence and share right"),
        "<h2>Confusion</h2>",
        _image(plots.matrix(everything), "what was meant and what was understood"),
        _table(["meant", "understood", "times"], mistakes),
        "<h2>Slowest</h2>",
        _table(["milliseconds", "characters", "text"], _slowest(everything)),
    ]
    return "\n".join(parts)


def _side_by_side(
    result: Mapping[str, Figures], before: Mapping[str, Mapping[str, Any]]
) -> list[list[str]]:
    """A row for each figure that is in the baseline: single ones, styles, intents."""
    rows = [
        [
            _title(name),
            *(
                _before_and_now(before.get(code, {}).get(name), getattr(value, name))
                for code, value in result.items()
            ),
        ]
        for name in _SINGLE
    ]
    for group in ("by_style", "by_intent"):
        earlier = {code: before.get(code, {}).get(group, {}) for code in result}
        now = {code: getattr(value, group) for code, value in result.items()}
        names = {name for one in (*earlier.values(), *now.values()) for name in one}
        rows += [
            [
                f"{_title(group)}: {name}",
                *(_before_and_now(earlier[code].get(name), now[code].get(name)) for code in result),
            ]
            for name in sorted(names)
        ]
    return rows


def _before_and_now(before: float | None, now: float | None) -> str:
    return _number(now) if before == now else f"{_number(before)} → {_number(now)}"


def _slowest(pairs: Understood) -> list[list[str]]:
    slow = sorted(pairs, key=lambda pair: -pair[1].milliseconds)[:SLOWEST]
    return [[f"{p.milliseconds:.1f}", str(len(s.text)), s.text[:120]] for s, p in slow]


def _image(figure: pyplot.Figure, title: str) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    pyplot.close(figure)
    encoded = base64.b64encode(buffer.getvalue()).decode()
    return f"<img alt='{html.escape(title)}' src='data:image/png;base64,{encoded}'>"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [_row("th", head), *(_row("td", row) for row in rows)]
    return f"<div class=wide><table>{''.join(lines)}</table></div>"


def _row(tag: str, cells: list[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{html.escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _title(name: str) -> str:
    return name.replace("_", " ")


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
