"""Tell the bot that updates were stored; on PostgreSQL a trigger does, and tells all bots."""

from __future__ import annotations

import asyncio
import logging

import aiohttp

from wegweiser.waiting import ended

logger = logging.getLogger(__name__)

PATH = "/webhooks/telegram/wake"
TIMEOUT_S = 2.0


class Knock:
    """A hint and no more: the bot looks by itself each second. However often it is asked for, one
    knock at a time is on its way, so a busy bot hears as many as it can answer."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}{PATH}"
        self._asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._knock_when_asked(), name="knock")

    def ask(self) -> None:
        self._asked.set()

    async def stop(self) -> None:
        if self._task is not None:
            await ended(self._task)

    async def _knock_when_asked(self) -> None:
        patience = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=patience, trust_env=False) as http:
            while True:
                await self._asked.wait()
                self._asked.clear()
                try:
                    async with http.post(self._url):
                        pass
                except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as nobody:
                    logger.debug("wake.unheard error=%s", type(nobody).__name__)
