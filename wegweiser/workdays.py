"""Working days of a host country, for promised dates."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

HOSTS = ("CH", "DE")


@lru_cache(maxsize=8)
def _public_holidays(country: str) -> holidays.HolidayBase:
    # Country-wide holidays only: which canton or Land answers is not known when we promise.
    return holidays.country_holidays(country)


def is_public_holiday(day: date, country: str) -> bool:
    """Whether ``day`` is a country-wide holiday; in both host countries when it is neither.

    >>> is_public_holiday(date(2026, 8, 1), "CH"), is_public_holiday(date(2026, 8, 1), "")
    (True, False)
    """
    return all(day in _public_holidays(one) for one in ((country,) if country in HOSTS else HOSTS))


def add_working_days(start: date, days: int, country: str) -> date:
    """The date ``days`` working days after ``start`` in ``country`` (``CH`` or ``DE``).

    >>> add_working_days(date(2026, 12, 23), 2, "CH")
    datetime.date(2026, 12, 28)
    """
    day = start
    while days > 0:
        day += timedelta(days=1)
        if is_working_day(day, country):
            days -= 1
    return day


def is_working_day(day: date, country: str) -> bool:
    """Whether offices are open on a day in ``country``; any country but ours has weekends only."""
    return day.weekday() < 5 and (country not in HOSTS or day not in _public_holidays(country))


def working_days_between(start: date, end: date, country: str) -> int:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` has passed.

    >>> working_days_between(date(2026, 12, 23), date(2026, 12, 28), "CH")
    2
    >>> working_days_between(date(2026, 12, 28), date(2026, 12, 23), "CH")
    -2
    """
    first, last = sorted((start, end))
    days = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
    count = sum(1 for day in days if is_working_day(day, country))
    return count if start <= end else -count
