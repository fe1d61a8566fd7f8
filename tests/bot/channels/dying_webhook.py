"""``python -m bot.webhook`` that ends at one line, as by ``kill -9``: ``... dying_webhook LINE``.

The lines are the functions below.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from bot.webhook import __main__ as webhook
from bot.webhook import table


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before_the_commit() -> None:
    real = table.SqliteTable.write

    def write(self: Any, rows: Sequence[Any]) -> None:
        class Dies:
            def __init__(self, connection: Any) -> None:
                self._connection = connection

            def __getattr__(self, name: str) -> Any:
                return getattr(self._connection, name)

            def execute(self, statement: str, *more: Any) -> Any:
                if statement == "COMMIT":
                    die()
                return self._connection.execute(statement, *more)

        self._connection = Dies(self._connected())
        real(self, rows)

    table.SqliteTable.write = write  # type: ignore[method-assign]


def between_commit_and_wake() -> None:
    real = table.SqliteTable.write

    def write(self: Any, rows: Sequence[Any]) -> None:
        real(self, rows)
        die()

    table.SqliteTable.write = write  # type: ignore[method-assign]


if __name__ == "__main__":
    globals()[sys.argv[1]]()
    sys.exit(webhook.main())
