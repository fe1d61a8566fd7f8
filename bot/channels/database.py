"""The desk's tables from an event loop: short synchronous calls in a few threads of our own.

Not asgiref's ``sync_to_async``: that runs everything of a process in one thread shared with
whoever else uses it, and an unlucky long call there would hold up every turn.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import OperationalError, close_old_connections, connection, connections

P = ParamSpec("P")
T = TypeVar("T")

SQLITE_THREADS = 1
"""SQLite has one writer, and waiting for its lock is sleeping: a queue in front of it is faster."""
SERVER_THREADS = 8
FAULT_IS_NEWS_S = 60.0


class Database:
    """``await database(function, ...)`` runs a function of a desk door in a thread."""

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or (
            SQLITE_THREADS if connection.vendor == "sqlite" else SERVER_THREADS
        )
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="mailbox")
        self._faults: dict[str, tuple[str, float]] = {}

    async def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        name = getattr(function, "__name__", "")
        try:
            done = await loop.run_in_executor(
                self._pool, partial(_with_connection, function, *args, **kwargs)
            )
        except OperationalError as error:
            self._faults[name] = (_words_of(error), time.monotonic())
            raise
        self._faults.pop(name, None)
        return done

    def faults(self) -> dict[str, str]:
        """What failed at its last try, and why: reading may go well while the disk is full."""
        recently = time.monotonic() - FAULT_IS_NEWS_S
        return {name: why for name, (why, at) in self._faults.items() if at >= recently}

    def well(self, function: Callable[..., object]) -> None:
        """What failed in this way has been done in another."""
        self._faults.pop(getattr(function, "__name__", ""), None)

    def close(self) -> None:
        """Close every thread's connection, then the threads."""
        together = threading.Barrier(self._threads)
        for _ in range(self._threads):
            self._pool.submit(_close_connection, together)
        self._pool.shutdown(wait=True)


def _words_of(error: OperationalError) -> str:
    """The database's own words ("database or disk is full"); it quotes no values in them."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:60]


def _with_connection(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    # As Django does around a request: a connection that broke is opened again.
    close_old_connections()
    return function(*args, **kwargs)


def _close_connection(together: threading.Barrier) -> None:
    together.wait(timeout=30)
    connections.close_all()
