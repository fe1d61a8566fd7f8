"""How fast all senders together may speak to Telegram."""

from __future__ import annotations

import asyncio
from datetime import timedelta

PER_SECOND = 30
"""Telegram's own ceiling for one bot."""
LONGEST_PAUSE_S = 30.0


class Pace:
    """Tokens for ``PER_SECOND`` messages a second, and a common rest when Telegram asks for it."""

    def __init__(self, per_second: float | None = PER_SECOND) -> None:
        self._per_second = per_second
        self._tokens = float(per_second or 0)
        self._counted_at = 0.0
        self._rest_until = 0.0
        self._unreachable_in_a_row = 0

    async def wait(self) -> None:
        """Return when one message may be sent; it is counted."""
        while not self.take():  # noqa: ASYNC110 - it is time that is waited for
            await asyncio.sleep(max(self._pause(), 0.001))

    def take(self) -> bool:
        """Whether one message may be sent now; if so it is counted."""
        if self._pause() > 0:
            return False
        self._tokens -= 1
        return True

    def give_back(self) -> None:
        """There was nothing to send."""
        self._tokens += 1

    def _pause(self) -> float:
        """Seconds until a message may be sent."""
        now = asyncio.get_running_loop().time()
        if now < self._rest_until:
            return self._rest_until - now
        if self._per_second is None:
            return 0
        earned = (now - self._counted_at) * self._per_second
        self._tokens = min(float(self._per_second), self._tokens + earned)
        self._counted_at = now
        return max(0.0, (1 - self._tokens) / self._per_second)

    def rest(self, pause: timedelta) -> None:
        """Nobody sends for a while."""
        now = asyncio.get_running_loop().time()
        self._rest_until = max(self._rest_until, now + pause.total_seconds())

    def unreachable(self) -> int:
        """Telegram could not be reached; returns how often in a row. All rest, longer each time."""
        now = asyncio.get_running_loop().time()
        if now >= self._rest_until:  # several senders fail at once: that is one time
            self._unreachable_in_a_row += 1
            seconds = min(0.5 * 2 ** min(self._unreachable_in_a_row - 1, 10), LONGEST_PAUSE_S)
            self.rest(timedelta(seconds=seconds))
        return self._unreachable_in_a_row

    def reached(self) -> bool:
        """Telegram answered; returns whether it had been unreachable."""
        was_away, self._unreachable_in_a_row = self._unreachable_in_a_row > 0, 0
        return was_away
