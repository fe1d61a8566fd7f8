"""Group commit: whatever arrived while one transaction was written goes into the next."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bot.webhook.table import WAIT_S, Table
from bot.webhook.update import Row

logger = logging.getLogger(__name__)

MOST = 200
"""Rows in one transaction; Telegram opens at most 100 connections."""
ANSWER_WITHIN_S = 2 * WAIT_S
FAULT_IS_NEWS_S = 60.0


class GroupCommit:
    """``await store(row)`` returns once the row is committed.

    Args:
        committed: is called after each transaction.
    """

    def __init__(self, table: Table, committed: Callable[[], None]) -> None:
        self._table = table
        self._committed = committed
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="updates")
        self._waiting: list[tuple[Row, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._fault = ("", 0.0)

    async def store(self, row: Row) -> None:
        """Raises when it is not known to be stored; Telegram then has to bring it again."""
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append((row, stored))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await asyncio.wait_for(stored, ANSWER_WITHIN_S)

    async def fault(self) -> str:
        """Why nothing can be stored, in the database's own words; empty when all is well."""
        words, at = self._fault
        if words and time.monotonic() - at < FAULT_IS_NEWS_S:
            return words
        try:
            loop = asyncio.get_running_loop()
            await asyncio.wait_for(loop.run_in_executor(self._thread, self._table.look), 2.0)
        except Exception as error:  # noqa: BLE001 - reported, that is what it is for
            return _words_of(error)
        return ""

    async def close(self) -> None:
        """Write what waits, then let go of the database."""
        if self._writing is not None:
            await asyncio.wait([self._writing])
        await asyncio.get_running_loop().run_in_executor(self._thread, self._table.close)
        self._thread.shutdown()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            rows = [row for row, _ in batch]
            try:
                await loop.run_in_executor(self._thread, self._table.write, rows)
            except Exception as error:  # noqa: BLE001 - each of them is told
                self._note(error, len(rows))
                _tell(batch, error)
            else:
                self._fault = ("", 0.0)
                _tell(batch, None)
                self._committed()

    def _note(self, error: Exception, count: int) -> None:
        if not self._fault[0]:  # said once, not for each update of an outage
            logger.error("updates.not_stored count=%s error=%s", count, type(error).__name__)
        self._fault = (_words_of(error), time.monotonic())


def _tell(batch: list[tuple[Row, asyncio.Future[None]]], error: Exception | None) -> None:
    for _, stored in batch:
        if stored.done():  # whoever waited for it has gone
            continue
        if error is None:
            stored.set_result(None)
        else:
            stored.set_exception(error)


def _words_of(error: Exception) -> str:
    """The database's own words; it quotes no values in them."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:60]
