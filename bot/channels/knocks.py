"""Hears that the webhook's process has stored updates (``bot.webhook.knock``)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

logger = logging.getLogger(__name__)


class _Door(asyncio.DatagramProtocol):
    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Whatever is in it, and whoever of this machine sent it: it makes us look, no more."""
        self._told()


@asynccontextmanager
async def knocks(port: int, told: Callable[[], None]) -> AsyncIterator[None]:
    """Meanwhile ``told`` is called at each knock on this machine's datagram port ``port``."""
    loop = asyncio.get_running_loop()
    try:
        door, _ = await loop.create_datagram_endpoint(
            lambda: _Door(told), local_addr=("127.0.0.1", port)
        )
    except OSError as error:
        logger.error(
            "knocks.unheard port=%s error=%s: another program uses this UDP port, so answers come"
            " up to a second later; set ASSISTANT_PORT to a free one",
            port,
            type(error).__name__,
        )
        yield
        return
    try:
        yield
    finally:
        door.close()
