"""Logs hold no text of a person: of an error they show classes and places in code.

What an error says may quote its input (``invalid literal for int(): '...'``), and a traceback ends
with it. The place and the class are what one needs to find the fault.
"""

from __future__ import annotations

import copy
import logging
import traceback
from typing import Any


def without_text(error: BaseException) -> str:
    """The class of an error and of each that it came from, with the places in code they passed."""
    lines: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        lines.append(f"{'from ' if lines else ''}{type(one).__qualname__}")
        lines += [
            f"  {frame.f_code.co_filename}:{line} in {frame.f_code.co_name}"
            for frame, line in traceback.walk_tb(one.__traceback__)
        ]
        one = one.__cause__ or one.__context__
    return "\n".join(lines)


class WithoutTexts(logging.Formatter):
    """Formats a record as usual, but shows nothing of what an error in it says."""

    def format(self, record: logging.LogRecord) -> str:
        shown = copy.copy(record)
        shown.exc_text = None  # another formatter may have left the whole traceback there
        shown.msg = _bare(record.msg)
        if isinstance(record.args, tuple):
            shown.args = tuple(_bare(one) for one in record.args)
        elif record.args is not None:
            shown.args = {name: _bare(one) for name, one in record.args.items()}
        return super().format(shown)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        return without_text(ei[1]) if ei[1] is not None else ""


def _bare(value: Any) -> Any:
    return type(value).__qualname__ if isinstance(value, BaseException) else value
