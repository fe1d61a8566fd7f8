"""The costly part of understanding a message, beside the turns of others.

Rasa parses in the event loop, where everything else of the bot waits. The sentence vector is half
of that and needs no Python: it is computed before, in a thread, and the parse finds it.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from bot.nlu.sentence_vectors import compute_ahead

BUTTON = "/"


class LookAhead:
    """``await look_ahead(text)`` before Rasa hears a text. One at a time: it uses both cores."""

    def __init__(self) -> None:
        self.is_on = False
        """Once Rasa has parsed a text with its model: then the encoder is in memory."""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ahead")

    async def __call__(self, text: str) -> None:
        """Raises what computing a vector raises: EncoderMissingError."""
        if self.is_on and not text.startswith(BUTTON):
            await asyncio.get_running_loop().run_in_executor(self._pool, compute_ahead, text)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
