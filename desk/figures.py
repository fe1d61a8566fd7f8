"""The figures of the desk: how many, about what, how quickly. Nothing of anybody in particular.

Every function takes the requests that somebody may see (``desk.console.access``), already
narrowed to a period and a team, and asks the database for numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.utils import timezone

from desk.models import DailyCount, InformationRequest, RequestEvent

Kind = RequestEvent.Kind
State = InformationRequest.State
Requests = QuerySet[InformationRequest]

FEWEST = 5
"""A group of fewer is shown as "<5": of one person from one country more would be known."""


@dataclass(frozen=True)
class Period:
    """Days, both included, in the desk's time zone."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment that is no longer in it."""
        return _midnight(self.last + timedelta(days=1))

    def received(self, requests: Requests) -> Requests:
        """Those of these requests that came in the period."""
        return requests.filter(created_at__gte=self.begins, created_at__lt=self.ends)


@dataclass(frozen=True)
class Times:
    """How long something took, for those requests for which it has happened."""

    number: int
    median_hours: float | None
    p90_hours: float | None
    in_time: int
    """How many happened by the promised day."""


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def by(requests: Requests, column: str) -> list[tuple[str, int]]:
    """(value, how many), the most frequent first."""
    rows = requests.order_by().values_list(column).annotate(number=Count("pk"))
    return sorted(((str(value), number) for value, number in rows), key=lambda row: -row[1])


def by_week(requests: Requests, period: Period) -> list[tuple[date, int]]:
    """(Monday, how many), every week of the period, also those without any."""
    monday = period.first - timedelta(days=period.first.weekday())
    days = [monday + timedelta(days=n) for n in range(0, (period.last - monday).days + 1, 7)]
    # Bounds rather than a truncated date, which on SQLite is a call of Python for each row.
    weeks = {
        f"week_{number}": Count(
            "pk",
            filter=Q(
                created_at__gte=_midnight(day), created_at__lt=_midnight(day + timedelta(days=7))
            ),
        )
        for number, day in enumerate(days)
    }
    found = requests.order_by().aggregate(**weeks)
    return [(day, found[f"week_{number}"]) for number, day in enumerate(days)]


def first_answers(requests: Requests) -> Times:
    """From receiving to the first answer, or to telling why there can't be one."""
    told = Q(kind=Kind.ANSWER) | Q(kind=Kind.STATE, state=State.DECLINED)
    rows = (
        RequestEvent.objects.filter(told, request__in=requests)
        .order_by()
        .values("request")
        .annotate(first=Min("created_at"))
        .values_list("request__created_at", "first", "request__promised_on")
    )
    return _times(rows)


def closings(requests: Requests) -> Times:
    """From receiving to the end of the work; what the person took back does not count."""
    done = requests.order_by().filter(closed_at__isnull=False).exclude(state=State.WITHDRAWN)
    rows = done.annotate(ended=F("closed_at")).values_list("created_at", "ended", "promised_on")
    return _times(rows)


def _times(rows: Iterable[tuple[datetime, datetime, date]]) -> Times:
    hours, in_time = [], 0
    for began, ended, promised in rows:
        hours.append((ended - began).total_seconds() / 3600)
        in_time += timezone.localdate(ended) <= promised
    hours.sort()
    return Times(len(hours), quantile(hours, 0.5), quantile(hours, 0.9), in_time)


def quantile(ordered: list[float], share: float) -> float | None:
    """The smallest value that at least this share of the (sorted) values does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None


def still_open(requests: Requests) -> tuple[int, int]:
    """(open now, of which overdue)."""
    found = requests.order_by().filter(state__in=InformationRequest.OPEN_STATES)
    late = Count("pk", filter=Q(promised_on__lt=timezone.localdate()))
    numbers = found.aggregate(number=Count("pk"), late=late)
    return numbers["number"], numbers["late"]


def asked_of_assistant(period: Period, kind: str, column: str) -> list[tuple[str, int]]:
    """What people asked the assistant, or what it did not understand, the most frequent first."""
    rows = (
        DailyCount.objects.filter(kind=kind, day__range=(period.first, period.last))
        .values_list(column)
        .annotate(total=Sum("number"))
    )
    return sorted(((str(value), total) for value, total in rows), key=lambda row: -row[1])
