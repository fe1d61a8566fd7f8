"""Which turns may begin: a flood does not take the time of everybody else.

All turns of a process share one processor. So while others write, too, conversations that were just
answered, and what is surplus, have one place together; when only they write, as after an outage,
they have all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from desk.mailbox import Turn

BUSY_PLACE_S = 0.5
"""How long a turn of a conversation that was just answered keeps another of its kind waiting. With
more of them beside each other everybody else would be slowed. One that takes longer waits for
something itself and is in nobody's way."""
OTHERS_WRITE_FOR_S = 10.0
"""So long after somebody else has written, busy conversations keep to their one place."""


class Places:
    """Whether there is a place for another busy conversation; from the loop's own thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._others_wrote = float("-inf")
        self._busy_since: dict[int, float] = {}

    def has_one_for_busy(self) -> bool:
        now = self._clock()
        if now - self._others_wrote > OTHERS_WRITE_FOR_S:
            return True
        return all(since <= now - BUSY_PLACE_S for since in self._busy_since.values())

    def begins(self, turn: Turn) -> None:
        now = self._clock()
        if turn.is_busy:
            self._busy_since[turn.message_id] = now
        else:
            self._others_wrote = now

    def ends(self, turn: Turn) -> None:
        self._busy_since.pop(turn.message_id, None)
