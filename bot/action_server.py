"""What the action server is told, how long it may take and how much it may say.

Rasa tells it every event that is remembered, waits five minutes and reads whatever comes. What was
before this turn is in the slots; a turn has twelve seconds; and an answer is a few hundred
characters.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Sequence
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp
import rasa.core.actions.action
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
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
    RemoteAction._action_call_format = _call


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


def _call(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """In place of ``RemoteAction._action_call_format``: of the events those of this turn."""
    brief = copy.copy(tracker)
    brief.events = this_turn(tracker.events)
    told: dict[str, Any] = _tell_all(self, brief, domain)
    return told


def this_turn(events: Sequence[Event]) -> Sequence[Event]:
    """From the last that the person wrote; all, where nobody has written yet."""
    for number in range(len(events) - 1, -1, -1):
        if isinstance(events[number], UserUttered):
            return list(islice(events, number, None))
    return events


_tell_all = RemoteAction._action_call_format
