"""The desk's tables from an event loop: short synchronous calls in a few threads of our own.

Not asgiref's ``sync_to_async``: that runs everything of a process in one thread shared with
whoever else uses it, and an unlucky long call there would hold up every turn.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connection, connections

P = ParamSpec("P")
T = TypeVar("T")

SQLITE_THREADS = 1
"""SQLite has one writer, and waiting for its lock is sleeping: a queue in front of it is faster."""
SERVER_THREADS = 8


class Database:
    """``await database(function, ...)`` runs a function of a desk door in a thread."""

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or (
            SQLITE_THREADS if connection.vendor == "sqlite" else SERVER_THREADS
        )
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="mailbox")

    async def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._pool, partial(_with_connection, function, *args, **kwargs)
        )

    def close(self) -> None:
        """Close every thread's connection, then the threads."""
        together = threading.Barrier(self._threads)
        for _ in range(self._threads):
            self._pool.submit(_close_connection, together)
        self._pool.shutdown(wait=True)


def _with_connection(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    # As Django does around a request: a connection that broke is opened again.
    close_old_connections()
    return function(*args, **kwargs)


def _close_connection(together: threading.Barrier) -> None:
    together.wait(timeout=30)
    connections.close_all()
