"""What has to happen without anybody asking: told here because this process is always there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.channels.database import Database
from bot.channels.faults import code_of
from wegweiser.waiting import woken

logger = logging.getLogger(__name__)

EVERY_S = 60.0


class Upkeep:
    """Calls each duty now and then, one after the other; a duty that fails waits for its turn.

    Duties say themselves whether there is anything to do and do it once, however many processes
    call them and whenever one of them dies.
    """

    def __init__(
        self, database: Database, *duties: Callable[[], int], every_s: float = EVERY_S
    ) -> None:
        self._database = database
        self._duties = duties
        self._every_s = every_s
        self._stop_asked = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="upkeep")

    async def stop(self) -> None:
        """Finish the duty in hand and begin no other."""
        self._stop_asked.set()
        if self._loop is not None:
            await self._loop

    async def _run(self) -> None:
        while not self._stop_asked.is_set():
            for duty in self._duties:
                await self._do(duty)
            await woken(self._stop_asked, self._every_s)

    async def _do(self, duty: Callable[[], int]) -> None:
        if self._stop_asked.is_set():
            return
        try:
            done = await self._database(duty)
        except Exception as error:  # noqa: BLE001 - outermost edge: tried again at the next turn
            logger.error("upkeep.failed duty=%s error=%s", duty.__name__, code_of(error))
            return
        if done:
            logger.info("upkeep.done duty=%s number=%s", duty.__name__, done)
