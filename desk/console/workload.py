"""For supervisors: who has how much, and what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from desk import roles
from desk.console.access import conversations_for, counsellor_of, needs, requests_for
from desk.console.filters import Filters
from desk.console.move import who_works
from desk.console.names import colleague_name
from desk.models import Counsellor, InformationRequest, Team

LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Load:
    """What somebody (or a team, or nobody) has."""

    name: str
    query: str
    """The list of these requests."""
    open: int
    overdue: int
    with_office: int
    closed: int
    talks: int


@require_GET
@needs(roles.MOVE_REQUESTS)
def workload(request: HttpRequest) -> HttpResponse:
    """One row a colleague, one a team, and what nobody has taken."""
    me = counsellor_of(request)
    by_person = _numbers(me, "taken_by")
    by_team = _numbers(me, "team")
    talks, team_talks = _talks(me, "handled_by"), _talks(me, "team")
    people = [
        _load(colleague_name(one), Filters("all", by=one.pk), by_person, one.pk, talks)
        for one in who_works()
    ]
    teams = [
        _load(one.name, Filters("all", team=one.pk), by_team, one.pk, team_talks)
        for one in Team.objects.all()
    ]
    nobody = _load(_("nobody yet"), Filters("waiting"), by_person, None, talks)
    context = {"people": [nobody, *people], "teams": teams, "days": LATELY.days}
    return render(request, "desk/console/workload.html", context)


def _talks(counsellor: Counsellor, column: str) -> dict[int | None, int]:
    """Conversations in which somebody talks or is waited for; danger alone is none."""
    live = Q(handled_by__isnull=False) | Q(waiting_since__isnull=False)
    rows = conversations_for(counsellor).filter(live).select_related(None).order_by()
    return dict(rows.values_list(column).annotate(n=Count("pk")))


def _numbers(counsellor: Counsellor, column: str) -> dict[int | None, tuple[int, int, int, int]]:
    is_open = Q(state__in=InformationRequest.OPEN_STATES)
    since = timezone.now() - LATELY
    rows = (
        requests_for(counsellor)
        .select_related(None)
        .order_by()
        .filter(is_open | Q(closed_at__gte=since))
        .values_list(column)
        .annotate(
            open=Count("pk", filter=is_open),
            overdue=Count("pk", filter=is_open & Q(promised_on__lt=timezone.localdate())),
            office=Count("pk", filter=Q(state=InformationRequest.State.WITH_COUNTRY_OFFICE)),
            closed=Count("pk", filter=Q(closed_at__gte=since)),
        )
    )
    return {row[0]: row[1:] for row in rows}


def _load(
    name: str,
    filters: Filters,
    numbers: dict[int | None, tuple[int, int, int, int]],
    key: int | None,
    talks: dict[int | None, int],
) -> Load:
    number, overdue, office, closed = numbers.get(key, (0, 0, 0, 0))
    return Load(name, filters.query(), number, overdue, office, closed, talks.get(key, 0))
