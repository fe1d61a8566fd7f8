"""When counsellors are at the desk: ``Mon-Fri 09:00-17:00; Sat 10:00-12:00``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SPAN = re.compile(
    r"^(?P<first>[A-Z][a-z]{2})(?:-(?P<last>[A-Z][a-z]{2}))? "
    r"(?P<open>\d\d:\d\d)-(?P<close>\d\d:\d\d)$"
)


class OfficeHoursError(ValueError):
    """DESK_HOURS is not written as ``Mon-Fri 09:00-17:00``."""


@dataclass(frozen=True)
class OfficeHours:
    """Opening times a week, in one time zone."""

    spans: tuple[tuple[int, time, time], ...]
    """(weekday 0-6, opens, closes)"""
    zone: tzinfo

    @classmethod
    def parse(cls, text: str, zone: tzinfo) -> OfficeHours:
        """Read ``DESK_HOURS``.

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
        return cls(tuple(sorted(spans)), zone)

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody is at the desk at this (aware) moment."""
        local = moment.astimezone(self.zone)
        return any(
            day == local.weekday() and opens <= local.time() < closes
            for day, opens, closes in self.spans
        )

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself when the desk is open, else the next opening."""
        if self.open_at(moment):
            return moment
        local = moment.astimezone(self.zone)
        for ahead in range(8):
            day = local.date() + timedelta(days=ahead)
            for weekday, opens, _ in self.spans:
                opening = datetime.combine(day, opens, tzinfo=self.zone)
                if weekday == day.weekday() and opening > local:
                    return opening
        raise AssertionError("a week always holds an opening")
