"""Waiting that can always be cut off.

``asyncio.wait_for`` of Python 3.10 forgets a cancellation when what it waits for happens at that
very moment (bpo-37658). In a loop without end it goes on for ever then, and so does its ``stop``.
"""

from __future__ import annotations

import asyncio
from typing import Any

CANCEL_AGAIN_AFTER_S = 5.0
"""Longer than what a task has left to do when it is told to end."""


async def woken(event: asyncio.Event, within_s: float) -> bool:
    """Whether the event came within so many seconds."""
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait([waiting], timeout=within_s)
    finally:
        waiting.cancel()
    return event.is_set()


async def ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks until all have ended; how they ended is not told.

    Libraries call ``wait_for``, too (psycopg, httpx): the first cancellation may be forgotten.
    """
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=CANCEL_AGAIN_AFTER_S)
