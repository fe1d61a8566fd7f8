"""With a webhook: which of the stored updates may be read now, so that they are read in order.

Telegram posts over several connections, and a failed post comes again behind others. Its numbers
have no holes, so one that is missing is probably on its way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from desk.mailbox import Unread

WAIT_FOR_MISSING = timedelta(milliseconds=300)
"""A failed post comes again at once; what takes longer than this nobody waits for."""
FAR = 1000
"""Numbers so far apart are another counting: Telegram begins anew after a week without updates."""


class Order:
    """Knows the number that comes next; nothing before the first was read.

    An update behind a gap waits from when it was stored: many behind many gaps wait together, and
    a clock that is wrong makes none wait longer.
    """

    def __init__(self) -> None:
        self._next: int | None = None

    def due(self, rows: Sequence[Unread]) -> tuple[Sequence[Unread], float]:
        """Those before the first gap to be waited at, and for how many seconds; 0 for no gap."""
        now, expected = timezone.now(), self._next
        for place, row in enumerate(rows):
            age = now - row.received_at
            is_behind_gap = expected is not None and 0 < row.update_id - expected < FAR
            if is_behind_gap and timedelta(0) <= age < WAIT_FOR_MISSING:
                return rows[:place], (WAIT_FOR_MISSING - age).total_seconds()
            expected = _after(row, expected)
        return rows, 0.0

    def were_read(self, rows: Sequence[Unread]) -> None:
        """These are done with."""
        for row in rows:
            self._next = _after(row, self._next)


def _after(row: Unread, expected: int | None) -> int:
    is_late = expected is not None and 0 < expected - row.update_id < FAR
    return expected if expected is not None and is_late else row.update_id + 1
