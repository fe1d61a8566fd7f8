"""How long the action server may take, and how much it may say.

Rasa waits five minutes and reads whatever comes. A turn has twelve seconds; and an answer is a few
hundred characters.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import rasa.core.actions.action
from rasa.utils.endpoints import EndpointConfig

TIMEOUT_S = 8.0
"""Of the twelve seconds of a turn, so that what was slow has a name (``bot.channels.faults``)."""
MAX_BYTES = 1_000_000
CHUNK = 65_536


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
    """In place of ``EndpointConfig.session``; we use no basic authentication."""
    return aiohttp.ClientSession(
        headers=self.headers,
        response_class=Bounded,
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
    )
