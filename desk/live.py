"""Server-sent events: a page hears that something changed and fetches what it shows.

An event carries no content, so a lost one does no harm and who may see what is decided in one
place, the view that the page then asks. One task per process looks (``desk.watch``) for all pages;
an open page costs a socket and an idle thread, no database connection and no work of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async
from django import db
from django.http import StreamingHttpResponse

from desk.mailbox.listening import PAGES, Listener
from desk.watch import Watch
from wegweiser.waiting import woken

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25
LOOK_AT_MOST_EVERY_S = 0.1
"""PostgreSQL tells of each change; a busy minute is seen in few looks."""
REST_AFTER_ERROR_S = 5.0
HEARTBEAT_S = 15.0
"""A sign of life this often, so that proxies keep the line and a closed phone is noticed."""
SPREAD_MS = 50
"""The work list is the same for many: each page that listens gives the others this much time."""
LONGEST_SPREAD_MS = 3_000
CLOSE_AFTER_S = 300.0
"""The browser then comes back by itself, and whether it still may listen is asked anew."""


class Live:
    """The pages that listen in this process, and the task that looks for them."""

    def __init__(self) -> None:
        self._pages: dict[asyncio.Event, frozenset[str]] = {}
        self._look_now = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def events(self, topics: frozenset[str]) -> AsyncIterator[bytes]:
        """The body of an event stream that says ``changed`` whenever one of the topics does."""
        changed = asyncio.Event()
        self._pages[changed] = topics
        self._look_now.set()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look_for_all())
        ends = asyncio.get_running_loop().time() + CLOSE_AFTER_S
        try:
            # What changed while the page was being made is fetched at once.
            yield b"retry: 1000\nevent: changed\ndata:\n\n"
            while asyncio.get_running_loop().time() < ends:
                if not await woken(changed, HEARTBEAT_S):
                    yield b":\n\n"
                    continue
                changed.clear()
                yield f"event: changed\ndata: {self._spread_ms(topics)}\n\n".encode()
        finally:
            del self._pages[changed]
            self._look_now.set()  # with no page left the task ends

    def _spread_ms(self, topics: frozenset[str]) -> int:
        """Within how much time the pages that show the same should fetch it, each at its own."""
        others = sum(1 for wanted in self._pages.values() if wanted == topics) - 1
        return min(others * SPREAD_MS, LONGEST_SPREAD_MS)

    async def _look_for_all(self) -> None:
        loop = asyncio.get_running_loop()
        watch = Watch()
        listener = Listener({PAGES: self._look_now.set})
        listener.start()
        # A thread of its own: its database connection must stay the same from look to look.
        with ThreadPoolExecutor(1, thread_name_prefix="desk-watch") as thread:
            while self._pages:
                self._look_now.clear()
                topics = frozenset().union(*self._pages.values())
                try:
                    changed = await loop.run_in_executor(thread, watch.look, topics)
                except Exception as error:  # noqa: BLE001 - the edge: pages must go on hearing
                    logger.warning("live.look_failed error=%s", type(error).__name__)
                    await loop.run_in_executor(thread, _close_connection)
                    await asyncio.sleep(REST_AFTER_ERROR_S)
                    continue
                for page, wanted in self._pages.items():
                    if wanted & changed:
                        page.set()
                await self._rest(listener)
            await listener.stop()
            await loop.run_in_executor(thread, _close_connection)

    async def _rest(self, listener: Listener) -> None:
        """Until the next look: at once when PostgreSQL tells of a change, else a moment."""
        if not listener.is_listening:
            await asyncio.sleep(LOOK_EVERY_S)
            return
        await asyncio.sleep(LOOK_AT_MOST_EVERY_S)
        await woken(self._look_now, listener.pause(LOOK_EVERY_S))


def _close_connection() -> None:
    # Named in the thread that runs this: each thread has a connection of its own.
    db.connection.close()


_lives: WeakKeyDictionary[asyncio.AbstractEventLoop, Live] = WeakKeyDictionary()


async def event_stream(*topics: str) -> StreamingHttpResponse:
    """An event stream for these topics; what was read before belongs to a connection given back."""
    # In the request's thread. Django itself would do so when the stream ends, minutes later.
    await sync_to_async(db.close_old_connections)()
    live = _lives.setdefault(asyncio.get_running_loop(), Live())
    response = StreamingHttpResponse(
        live.events(frozenset(topics)), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx would keep events back until a block is full
    return response
