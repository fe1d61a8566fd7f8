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
        self._begun: tuple[str, asyncio.Future[None]] | None = None

    def soon(self, text: str) -> None:
        """A text has come and is only being stored: begin meanwhile, if nothing else is begun."""
        if self._is_read(text) and (self._begun is None or self._begun[1].done()):
            begun = self._compute(text)
            begun.add_done_callback(_seen)
            self._begun = (text, begun)

    async def __call__(self, text: str) -> None:
        """Raises what computing a vector raises: EncoderMissingError."""
        if not self._is_read(text):
            return
        if self._begun is not None and self._begun[0] == text:
            _, begun = self._begun
            self._begun = None
            await begun
        else:
            await self._compute(text)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _is_read(self, text: str) -> bool:
        return self.is_on and not text.startswith(BUTTON)

    def _compute(self, text: str) -> asyncio.Future[None]:
        return asyncio.get_running_loop().run_in_executor(self._pool, compute_ahead, text)


def _seen(begun: asyncio.Future[None]) -> None:
    """What it raised is met again by whoever needs the vector; perhaps nobody does."""
    if not begun.cancelled():
        begun.exception()
