"""PostgreSQL tells every process of a new row at once (``LISTEN/NOTIFY``).

Triggers tell, in the transaction that stores the row (migrations ``0003_leases`` and later). One
connection a process listens. It is a hint and no more: whoever hears it looks for rows as always,
and looks by itself now and then, so a notice that is lost costs seconds and never a message.
On SQLite there is one bot, which looks often, and the desk knocks at its door.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from wegweiser.waiting import ended

logger = logging.getLogger(__name__)

TURNS = "wegweiser_turns"
"""A message waits to be answered."""
SENDS = "wegweiser_sends"
"""A message waits to be sent."""
PAGES = "wegweiser_pages"
"""Something changed that a page shows."""
LEASES = "wegweiser_leases"
"""Somebody gave a lease back."""
UPDATES = "wegweiser_updates"
"""The webhook's process stored updates."""

SAFETY_NET_S = 5.0
"""How often one who listens looks all the same: for rests and leases that have ended."""
CONNECT_WITHIN_S = 5.0
CHECK_EVERY_S = 30.0
"""A connection that died without a word is noticed by asking."""
AGAIN_AFTER_S = 0.5


def is_shared() -> bool:
    """Whether several bots and desks may work on this database at once."""
    return bool(connection.vendor == "postgresql")


def tell(*channels: str) -> None:
    """Make all processes look; for what no row says. Without PostgreSQL nobody listens."""
    if is_shared():
        with connection.cursor() as cursor:
            for channel in channels:
                cursor.execute("SELECT pg_notify(%s, '')", [channel])


class Listener:
    """Calls a function, in the event loop, for each notice of a channel.

    After each (re)connection all are called: what was told meanwhile was told to nobody.
    """

    def __init__(self, hooks: Mapping[str, Callable[[], None]]) -> None:
        self._hooks = hooks
        self._task: asyncio.Task[None] | None = None
        self.is_listening = False

    def start(self) -> None:
        """Begin to listen; on SQLite there is nothing to hear."""
        if is_shared():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="listener")

    async def stop(self) -> None:
        if self._task is not None:
            await ended(self._task)

    def pause(self, without: float) -> float:
        """Seconds between two looks; ``without`` is the answer for one who hears nothing."""
        return SAFETY_NET_S if self.is_listening else without

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError, asyncio.TimeoutError) as error:
                if self.is_listening:
                    logger.warning("listener.lost error=%s", type(error).__name__)
            finally:
                self.is_listening = False
            await asyncio.sleep(AGAIN_AFTER_S)

    async def _listen(self) -> None:
        connecting = psycopg.AsyncConnection.connect(autocommit=True, **_parameters())
        async with await asyncio.wait_for(connecting, CONNECT_WITHIN_S) as listening:
            for channel in self._hooks:
                await listening.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            self.is_listening = True
            for hook in self._hooks.values():
                hook()
            while True:
                async for notice in listening.notifies(timeout=CHECK_EVERY_S):
                    self._hooks[notice.channel]()
                await asyncio.wait_for(listening.execute("SELECT 1"), CONNECT_WITHIN_S)


def _parameters() -> dict[str, Any]:
    """How Django connects, without what is Django's own."""
    found = dict(connection.get_connection_params())
    for name in ("cursor_factory", "context", "prepare_threshold"):
        found.pop(name, None)
    return found
