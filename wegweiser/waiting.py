"""Waiting that can always be cut off.

``asyncio.wait_for`` of Python 3.10 forgets a cancellation when what it waits for happens at that
very moment (bpo-37658). In a loop without end it goes on for ever then, and so does its ``stop``.
"""

from __future__ import annotations

import asyncio


async def woken(event: asyncio.Event, within_s: float) -> bool:
    """Whether the event came within so many seconds."""
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait([waiting], timeout=within_s)
    finally:
        waiting.cancel()
    return event.is_set()
