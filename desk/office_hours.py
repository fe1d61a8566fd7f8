"""When counsellors are at the desk: ``Mon-Fri 09:00-17:00; Sat 10:00-12:00``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SPAN = re.compile(
    r"^(?P<first>[A-Z][a-z]{2})(?:-(?P<last>[A-Z][a-z]{2}))? "
    r"(?P<open>\d\d:\d\d)-(?P<close>\d\d:\d\d)$"
)

LOOK_AHEAD_DAYS = 60
"""Further than any row of holidays reaches."""


def never(_: date) -> bool:
    """No day is a holiday."""
    return False


class OfficeHoursError(ValueError):
    """DESK_HOURS is not written as ``Mon-Fri 09:00-17:00``."""


@dataclass(frozen=True)
class OfficeHours:
    """Opening times a week, in one time zone."""

    spans: tuple[tuple[int, time, time], ...]
    """(weekday 0-6, opens, closes)"""
    zone: tzinfo
    closed_on: Callable[[date], bool] = never
    """Public holidays."""

    @classmethod
    def parse(
        cls, text: str, zone: tzinfo, closed_on: Callable[[date], bool] = never
    ) -> OfficeHours:
        """Read ``DESK_HOURS`` or the hours of a team.

        Raises:
            OfficeHoursError: with the part that is wrong and how to write it.
        """
        spans: list[tuple[int, time, time]] = []
        for part in filter(None, (part.strip() for part in text.split(";"))):
            match = SPAN.match(part)
            try:
                if match is None:
                    raise ValueError
                first = DAYS.index(match["first"])
                last = DAYS.index(match["last"] or match["first"])
                opens, closes = (
                    time.fromisoformat(match["open"]),
                    time.fromisoformat(match["close"]),
                )
            except ValueError:
                raise OfficeHoursError(
                    f"DESK_HOURS: {part!r} is not understood. "
                    "Write e.g. 'Mon-Fri 09:00-17:00; Sat 10:00-12:00'."
                ) from None
            if closes <= opens or last < first:
                raise OfficeHoursError(
                    f"DESK_HOURS: {part!r} ends before it begins. "
                    "Write the earlier day or hour first."
                )
            spans += [(day, opens, closes) for day in range(first, last + 1)]
        if not spans:
            raise OfficeHoursError("DESK_HOURS is empty. Write e.g. 'Mon-Fri 09:00-17:00'.")
        return cls(tuple(sorted(spans)), zone, closed_on)

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody is at the desk at this (aware) moment."""
        local = moment.astimezone(self.zone)
        return not self.closed_on(local.date()) and any(
            day == local.weekday() and opens <= local.time() < closes
            for day, opens, closes in self.spans
        )

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself when the desk is open, else the next opening."""
        if self.open_at(moment):
            return moment
        local = moment.astimezone(self.zone)
        for ahead in range(LOOK_AHEAD_DAYS):
            day = local.date() + timedelta(days=ahead)
            if self.closed_on(day):
                continue
            for weekday, opens, _ in self.spans:
                opening = datetime.combine(day, opens, tzinfo=self.zone)
                if weekday == day.weekday() and opening > local:
                    return opening
        raise AssertionError("two months always hold an opening")
