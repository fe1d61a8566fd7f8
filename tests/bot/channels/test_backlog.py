"""The log says when messages wait long, and when that is over."""

from __future__ import annotations

import logging

import pytest

from bot.channels.backlog import LATE_AFTER_S, Backlog
from bot.channels.database import Database


def of(oldest_in_s: int = 0, oldest_out_s: int = 0) -> dict[str, int]:
    return {"in": 3, "oldest_in_s": oldest_in_s, "out": 1, "oldest_out_s": oldest_out_s}


def test_a_line_while_it_grows_and_one_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    backlog = Backlog(Database())
    caplog.set_level(logging.INFO)
    for found in (of(), of(LATE_AFTER_S - 1), of(LATE_AFTER_S), of(0, 90), of(0, 80), of(1), of()):
        backlog.note(found)
    assert [record.getMessage() for record in caplog.records] == [
        "backlog.grows in=3 oldest_in_s=60 out=1 oldest_out_s=0",
        "backlog.grows in=3 oldest_in_s=0 out=1 oldest_out_s=90",
        "backlog.over in=3 oldest_in_s=1 out=1 oldest_out_s=0",
    ]
