"""``make check`` warns editors a month ahead."""

from __future__ import annotations

from datetime import date, timedelta

from programmes.describe import due_lines
from wegweiser.check import WARN_DAYS, reviews
from wegweiser.rulebase import catalogue


def test_a_value_is_announced_thirty_days_before_its_review() -> None:
    first = min(line.split(" ")[0] for line in due_lines(catalogue(), date(2100, 1, 1)))
    day = date.fromisoformat(first)
    assert WARN_DAYS == 30
    assert reviews(day - timedelta(days=31)) == []
    assert any(line.startswith(first) for line in reviews(day - timedelta(days=30)))
