"""Working days of a host country, for promised dates."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=8)
def _public_holidays(country: str) -> holidays.HolidayBase:
    # Country-wide holidays only: which canton or Land answers is not known when we promise.
    return holidays.country_holidays(country)


def is_public_holiday(day: date, country: str) -> bool:
    """Whether ``day`` is a country-wide holiday; with ``""``, in both host countries.

    >>> is_public_holiday(date(2026, 8, 1), "CH"), is_public_holiday(date(2026, 8, 1), "")
    (True, False)
    """
    return all(day in _public_holidays(one) for one in ((country,) if country else ("CH", "DE")))


def add_working_days(start: date, days: int, country: str) -> date:
    """The date ``days`` working days after ``start`` in ``country`` (``CH`` or ``DE``).

    >>> add_working_days(date(2026, 12, 23), 2, "CH")
    datetime.date(2026, 12, 28)
    """
    closed = _public_holidays(country)
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in closed:
            days -= 1
    return day
