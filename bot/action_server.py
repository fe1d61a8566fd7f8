"""How long the action server may take, how much it may say, and over which connection.

Rasa waits five minutes and reads whatever comes. A turn has twelve seconds; and an answer is a few
hundred characters.
"""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp
import rasa.core.actions.action
from rasa.utils.endpoints import EndpointConfig

TIMEOUT_S = 8.0
"""Of the twelve seconds of a turn, so that what was slow has a name (``bot.channels.faults``)."""
KEPT_S = 2.0
"""An idle connection; shorter than the server's own limit, which would cut a call off."""
MAX_BYTES = 1_000_000
CHUNK = 65_536


_connectors: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.TCPConnector] = (
    WeakKeyDictionary()
)


class TooMuch(Exception):
    """The action server answered with more than any answer is."""


class Bounded(aiohttp.ClientResponse):
    """A response of which no more than ``MAX_BYTES`` are ever held."""

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        begun = await super().start(connection)
        if (self.content_length or 0) > MAX_BYTES:
            self.close()
            raise TooMuch
        return begun

    async def read(self) -> bytes:
        if self._body is None:
            found = bytearray()
            async for chunk in self.content.iter_chunked(CHUNK):
                found += chunk
                if len(found) > MAX_BYTES:
                    self.close()
                    raise TooMuch
            self._body = bytes(found)
        return await super().read()


def bound_answers() -> None:
    """Let Rasa call its endpoints within these bounds; harmless when repeated."""
    rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT = TIMEOUT_S
    EndpointConfig.session = _session


def _session(self: EndpointConfig) -> aiohttp.ClientSession:
    """In place of ``EndpointConfig.session``; we use no basic authentication.

    Rasa opens and closes one for each call; what lies under it stays open from call to call.
    """
    loop = asyncio.get_running_loop()
    if loop not in _connectors:
        _connectors[loop] = aiohttp.TCPConnector(keepalive_timeout=KEPT_S)
    return aiohttp.ClientSession(
        connector=_connectors[loop],
        connector_owner=False,
        headers=self.headers,
        response_class=Bounded,
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
    )
