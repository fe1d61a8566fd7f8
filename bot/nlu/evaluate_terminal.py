"""The result of an evaluation as tables in a terminal."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.nlu.evaluate_figures import Figures, names_mistakes, weakest_intents
from bot.nlu.evaluate_measures import Parses, right
from bot.nlu.evaluate_stock import beside_stock
from bot.nlu.paths import STOCK_RESULT

_COLUMNS = (
    ("accuracy", "accuracy"),
    ("accuracy_unseen", "unseen"),
    ("out_of_scope_recall", "o.o.s."),
    ("in_scope_refused", "refused"),
    ("danger_recall", "danger"),
    ("danger_false_alarms", "alarms"),
    ("right_when_sure", "sure"),
    ("country_recall", "ctry rec"),
    ("country_precision", "ctry prec"),
    ("other_names_recall", "other rec"),
    ("language_right", "language"),
    ("both_found", "both"),
    ("second_invented", "2nd inv."),
    ("p50_ms", "p50 ms"),
    ("p95_ms", "p95 ms"),
)
_Pick = Callable[[Sequence[float]], float]


def print_result(result: Mapping[str, Figures], before: Mapping[str, Mapping[str, Any]]) -> None:
    """All figures, styles, the weakest intents, and stock Rasa beside them."""
    _figures(result, before)
    _styles(result)
    _weakest(result)
    head, *rows = beside_stock(result, STOCK_RESULT)
    for row in [head, *rows]:
        print("".join(cell.ljust(10) if at == 0 else cell.rjust(24) for at, cell in enumerate(row)))
    print()


def print_mistakes(parses: Mapping[str, Parses]) -> None:
    """Every misunderstood sentence, wrong name and wrong language."""
    for code, one in parses.items():
        for sentence, parsed in one.sentences:
            if not right(sentence, parsed):
                print(
                    f"{code} {sentence.style} {sentence.intent} -> {parsed.intent} "
                    f"({parsed.likeliest}, {parsed.confidence:.2f}): {sentence.text}"
                )
    for one in parses.values():
        print("\n".join(names_mistakes(one.places)))
        for line, parsed in one.languages:
            if line.language != parsed.language:
                print(f"language {line.language} -> {parsed.language}: {line.text}")


def _figures(result: Mapping[str, Figures], before: Mapping[str, Mapping[str, Any]]) -> None:
    print()
    _row("lang", [title for _, title in _COLUMNS])
    for language, value in result.items():
        _row(language, [_cell(getattr(value, name)) for name, _ in _COLUMNS])
    now = [[getattr(value, name) for value in result.values()] for name, _ in _COLUMNS]
    picks: tuple[tuple[str, _Pick], ...] = (
        ("mean", statistics.fmean),
        ("least", min),
        ("most", max),
    )
    for title, pick in picks:
        _row(title, [_of(pick, values) for values in now])
    earlier = [before[language] for language in result if language in before]
    _row(
        "before",
        [_of(statistics.fmean, [one.get(name) for one in earlier]) for name, _ in _COLUMNS],
    )
    print("(unseen: accuracy without the sentences that stand in data/nlu; before: the mean that")
    print(" was last committed)\n")


def _styles(result: Mapping[str, Figures]) -> None:
    styles = sorted({style for value in result.values() for style in value.by_style})
    _row("style", styles)
    for language, value in result.items():
        _row(language, [_cell(value.by_style.get(style)) for style in styles])
    of_all = ([value.by_style.get(style) for value in result.values()] for style in styles)
    _row("mean", [_of(statistics.fmean, values) for values in of_all])
    print()


def _weakest(result: Mapping[str, Figures]) -> None:
    print("weakest intents".ljust(28) + "mean".rjust(8) + "least".rjust(8))
    for intent, mean, least, where in weakest_intents(result):
        print(f"{intent.ljust(28)}{mean:8.3f}{least:8.3f}  {' '.join(where)}")
    print()


def _row(title: str, cells: Iterable[str]) -> None:
    print(title.ljust(7) + "".join(cell.rjust(10) for cell in cells))


def _of(pick: _Pick, values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    return _cell(pick(known) if known else None)


def _cell(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if value > 1 else f"{value:.3f}"
