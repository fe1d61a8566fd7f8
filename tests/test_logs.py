"""What a log shows of an error: classes and places in code, nothing that it says."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from wegweiser.logs import WithoutTexts


def fails() -> None:
    try:
        int("my secret")
    except ValueError as error:
        raise KeyError("my secret") from error


@pytest.mark.parametrize(
    "log",
    [
        lambda log, error: log.error("it failed", exc_info=error),
        lambda log, error: log.error(error),
        lambda log, error: log.error("it failed: %s", error),
        lambda log, error: log.error("it failed: %(why)r", {"why": error}),
        lambda log, error: log.exception(error, exc_info=error),
    ],
)
def test_of_an_error_classes_and_places(
    log: Callable[[logging.Logger, Exception], None], caplog: pytest.LogCaptureFixture
) -> None:
    try:
        fails()
    except KeyError as error:
        log(logging.getLogger("test"), error)
    record = caplog.records[0]
    assert "my secret" in caplog.text  # as Python writes it; it also keeps that in the record
    shown = WithoutTexts("%(levelname)s %(message)s").format(record)
    assert "my secret" not in shown
    assert "KeyError" in shown
    if record.exc_info:
        assert "ValueError" in shown
        assert "test_logs.py:" in shown


def test_what_is_no_error_is_as_it_was() -> None:
    record = logging.makeLogRecord({"msg": "turn.failed message=%s", "args": (7,)})
    assert WithoutTexts("%(message)s").format(record) == "turn.failed message=7"
