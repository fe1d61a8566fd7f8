"""What is served beside Rasa's default pipeline, as ``bench.stock.understanding`` measured it."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.nlu.evaluate_figures import Figures


def beside_stock(result: Mapping[str, Figures], path: Path) -> list[list[str]]:
    """A table with its head: a row for each language and for their mean."""
    if not path.exists():
        return [["", "stock Rasa: not measured"]]
    measured: dict[str, Any] = json.loads(path.read_text())
    sample = f"{measured['examples']:,} examples"
    stock = f"stock, {sample}, {measured['epochs']} epochs"
    head = ["", stock, f"ours, {sample}", "ours, as served"]
    columns = [
        measured["stock"]["languages"],
        measured["ours"]["languages"],
        {code: value.accuracy for code, value in result.items()},
    ]
    rows = [[code, *(_number(column.get(code)) for column in columns)] for code in result]
    return [head, *rows, ["mean", *(_mean(column) for column in columns)]]


def _mean(column: Mapping[str, float | None]) -> str:
    known = [value for value in column.values() if value is not None]
    return _number(statistics.fmean(known) if known else None)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
