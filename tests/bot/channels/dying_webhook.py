"""``python -m bot.webhook`` that ends at one line, as by ``kill -9``: ``... dying_webhook LINE``.

The lines are the functions below.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from bot.webhook import __main__ as webhook
from bot.webhook import spool


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dies:
    """A connection that ends the process when it comes to a statement."""

    def __init__(self, connection: Any, before: str) -> None:
        self._connection = connection
        self._before = before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, statement: str, *more: Any) -> Any:
        if statement.startswith(self._before):
            die()
        return self._connection.execute(statement, *more)


def _opens(before: str) -> None:
    real = spool._opened
    spool._opened = lambda path: Dies(real(path), before)  # type: ignore[assignment,return-value]


def before_the_commit() -> None:
    """Nothing is stored, nothing acknowledged."""
    _opens("COMMIT")


def before_the_move() -> None:
    """Stored and perhaps acknowledged; the bot can't see it yet."""
    spool.SqliteTable.write = die  # type: ignore[assignment]


def after_the_move() -> None:
    """The bot sees it, and nobody tells it so; it is in the spool, too."""
    _opens("DELETE")


if __name__ == "__main__":
    globals()[sys.argv[1]]()
    sys.exit(webhook.main())
