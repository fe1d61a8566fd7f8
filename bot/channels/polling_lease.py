"""Which of several bots receives Telegram's updates: the one that holds the lease.

It asks Telegram for them, or reads what the webhook's process stored.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.channels.database import Database
from bot.channels.faults import code_of
from bot.channels.lease import process_name
from desk import mailbox
from wegweiser.waiting import ended, woken

logger = logging.getLogger(__name__)

NAME = "telegram polling"
LASTS_S = 10.0
"""After ``kill -9`` of the holder another bot polls this much later, and a try, at most."""
RENEW_EVERY_S = 3.0
TRY_EVERY_S = 2.0


class PollingLease:
    """Runs something in this process as long as it holds the lease, and waits for it otherwise.

    The lease is renewed every few seconds. When that fails for too long (the database is away, the
    machine stood still) the work is stopped before another process may begin it.
    """

    def __init__(self, database: Database, *, lasts_s: float = LASTS_S) -> None:
        self._database = database
        self._lasts_s = lasts_s
        shorter = min(1.0, lasts_s / LASTS_S)
        self._renew_every_s = RENEW_EVERY_S * shorter
        self._try_every_s = TRY_EVERY_S * shorter
        # Not the process number alone: that of a restarted container is the same as before.
        self._holder = f"{process_name()}:{secrets.token_hex(4)}"
        self._told = asyncio.Event()
        self._call: asyncio.Future[bool] | None = None
        self._ends = 0.0

    def wake(self) -> None:
        """Somebody gave the lease back."""
        self._told.set()

    async def run(self, work: Callable[[], Awaitable[None]], waits: Callable[[], None]) -> None:
        """Do ``work`` whenever the lease is ours, for ever; ``waits`` is called when it is not."""
        while True:
            waits()
            await self._take()
            logger.info("telegram.polling_lease taken")
            working = asyncio.ensure_future(work())
            try:
                await self._keep_during(working)
            except Exception as error:  # noqa: BLE001 - outermost edge of receiving
                logger.error("telegram.polling failed error=%s", code_of(error))
                await asyncio.sleep(self._try_every_s)
            finally:
                await ended(working)
            logger.warning("telegram.polling_lease ended")

    async def release(self) -> None:
        """Give the lease back, so that another bot takes over at once."""
        if self._call is not None:
            await asyncio.wait([self._call], timeout=self._lasts_s)
        try:
            await self._database(mailbox.release_lease, NAME, self._holder)
        except Exception as error:  # noqa: BLE001 - it ends by itself; stopping matters more
            logger.warning("telegram.polling_lease kept error=%s", code_of(error))

    async def _take(self) -> None:
        while True:
            self._told.clear()
            if await self._hold(self._lasts_s):
                return
            await woken(self._told, self._try_every_s)

    async def _keep_during(self, working: asyncio.Future[None]) -> None:
        """Return when the lease is lost, or may be; raises what the work raises."""
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.wait([working], timeout=self._renew_every_s)
            if working.done():
                return working.result()
            # Some time before the end, for the work has to be stopped by then.
            left = self._ends - self._renew_every_s / 3 - clock()
            if left <= 0 or await self._hold(left) is False:
                return None

    async def _hold(self, within_s: float) -> bool | None:
        """Take or renew it; False when it is somebody else's, None when nobody knows."""
        ends = asyncio.get_running_loop().time() + self._lasts_s
        lasting = timedelta(seconds=self._lasts_s)
        # Never cancelled: what has begun in its thread is done, and ``release`` comes after it.
        self._call = asyncio.ensure_future(
            self._database(mailbox.hold_lease, NAME, self._holder, lasting)
        )
        await asyncio.wait([self._call], timeout=within_s)
        try:
            if not self._call.done():
                raise asyncio.TimeoutError
            is_ours = self._call.result()
        except Exception as error:  # noqa: BLE001 - outermost edge: it is tried again
            logger.warning("telegram.polling_lease unknown error=%s", code_of(error))
            return None
        if is_ours:
            self._ends = ends
        return is_ours
