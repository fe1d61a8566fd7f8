"""Looks now and then at how much waits and since when; a line in the log while it grows."""

from __future__ import annotations

import asyncio
import logging

from bot.channels.database import Database
from bot.channels.faults import code_of
from desk import mailbox
from wegweiser.waiting import ended

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 30.0
LATE_AFTER_S = 60


class Backlog:
    """One look in half a minute."""

    def __init__(self, database: Database, *, look_every_s: float = LOOK_EVERY_S) -> None:
        self._database = database
        self._look_every_s = look_every_s
        self._oldest_s = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="mailbox-backlog")

    async def stop(self) -> None:
        if self._task is not None:
            await ended(self._task)

    async def _run(self) -> None:
        while True:
            try:
                self.note(await self._database(mailbox.backlog))
            except Exception as error:  # noqa: BLE001 - outermost edge: it goes on looking
                logger.error("backlog.unknown error=%s", code_of(error))
            await asyncio.sleep(self._look_every_s)

    def note(self, found: dict[str, int]) -> None:
        """A warning while the oldest waiting message grows older, and a word when it is over."""
        oldest_s = max(found["oldest_in_s"], found["oldest_out_s"])
        line = "in=%(in)s oldest_in_s=%(oldest_in_s)s out=%(out)s oldest_out_s=%(oldest_out_s)s"
        if oldest_s >= LATE_AFTER_S and oldest_s > self._oldest_s:
            logger.warning("backlog.grows " + line, found)
        elif self._oldest_s >= LATE_AFTER_S > oldest_s:
            logger.warning("backlog.over " + line, found)
        self._oldest_s = oldest_s
