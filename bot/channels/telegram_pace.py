"""When the senders of this process rest; the pace of all processes is ``desk.mailbox.pace``."""

from __future__ import annotations

import asyncio
from datetime import timedelta

PER_SECOND = 30
"""Telegram's own ceiling for one bot, however many processes it is."""
LONGEST_PAUSE_S = 30.0


class Pace:
    """A common rest, when Telegram asks for one or can't be reached."""

    def __init__(self, per_second: float | None = PER_SECOND) -> None:
        self.per_second = per_second
        self._rest_until = 0.0
        self._unreachable_in_a_row = 0

    async def wait(self) -> None:
        """Return when messages may be sent."""
        while not self.is_free():  # noqa: ASYNC110 - it is time that is waited for
            await asyncio.sleep(max(self._pause(), 0.001))

    def is_free(self) -> bool:
        """Whether nobody has to rest now."""
        return self._pause() <= 0

    def _pause(self) -> float:
        return self._rest_until - asyncio.get_running_loop().time()

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
