"""The requests of the work list: tabs with their numbers, one page of rows, what is news.

However many requests there are, this costs the same number of queries, each of which reads an
index: the numbers from ``request_counts``, the rows in the order of ``request_due``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from desk import roles
from desk.console.access import requests_for
from desk.console.filters import TABS, Filters
from desk.console.news import events_since, news_of
from desk.console.rows import rows
from desk.models import Counsellor, InformationRequest, ListSettings
from desk.teams import team_ids

PAGE_SIZE = 50


@dataclass(frozen=True)
class Tab:
    """One tab above the requests."""

    name: str
    title: str | Promise
    count: int
    is_current: bool
    query: str


@dataclass(frozen=True)
class RequestList:
    """What the lower part of the work list shows."""

    tabs: list[Tab]
    page: Page[int]
    requests: list[InformationRequest]
    """Of this page."""
    rows: list[SafeString]
    """The same as lines of the table."""
    news: int
    """How many requests have news, in all tabs."""
    waiting: int
    """How many nobody has taken, whatever the filters are."""


def request_list(
    counsellor: Counsellor, filters: Filters, number: str, mine: ListSettings
) -> RequestList:
    """One page of the list."""
    teams = set(team_ids(counsellor))
    if filters.show == "team" and not teams:
        filters = replace(filters, show="all")
    events = events_since(counsellor, mine)
    visible = requests_for(counsellor).select_related(None)
    fitting = filters.narrow(visible)
    with_news = visible.filter(pk__in=events.values("request"))
    if filters.changed:
        fitting = fitting.filter(pk__in=events.values("request"))
    counts = _counts(fitting, counsellor, teams)
    may_move = counsellor.has_perm(roles.MOVE_REQUESTS)
    page = _page(_in_tab(fitting, filters, counsellor, teams), number, counts[filters.show])
    # Texts are not read for the list: they are long and each would have to be decrypted.
    found = InformationRequest.objects.select_related("taken_by", "team").defer("question", "place")
    by_id = found.in_bulk(page.object_list)
    shown = [by_id[pk] for pk in page.object_list if pk in by_id]
    return RequestList(
        tabs=_tabs(filters, counts, has_team=bool(teams)),
        page=page,
        requests=shown,
        rows=rows(shown, news_of(events, list(by_id)), may_move=may_move),
        news=with_news.count(),
        waiting=_waiting(visible) if filters.is_narrow else counts["waiting"],
    )


def _tabs(filters: Filters, counts: dict[str, int], *, has_team: bool) -> list[Tab]:
    # Closed requests have other states, so that filter ends with its side of the tabs.
    return [
        Tab(
            name,
            title,
            counts[name],
            is_current=name == filters.show,
            query=filters.query(
                show=name,
                state=filters.state if (name == "closed") is filters.is_closed else "",
                overdue=filters.overdue and name != "closed",
            ),
        )
        for name, title in TABS.items()
        if name != "team" or has_team
    ]


def _in_tab(
    found: QuerySet[InformationRequest], filters: Filters, counsellor: Counsellor, teams: set[int]
) -> QuerySet[InformationRequest]:
    if filters.is_closed:
        return found.filter(closed_at__isnull=False).order_by("-closed_at", "-id")
    found = found.filter(closed_at__isnull=True).order_by("promised_on", "id")
    if filters.show == "mine":
        return found.filter(taken_by=counsellor)
    if filters.show == "team":
        return found.filter(team__in=teams)
    return found if filters.show == "all" else found.filter(taken_by__isnull=True)


def _page(found: QuerySet[InformationRequest], number: str, count: int) -> Page[int]:
    """One page of ids: sorted by what an index holds, the rows are fetched for it alone."""
    pages = Paginator(found.values_list("pk", flat=True), PAGE_SIZE)
    pages.count = count  # known already; else the database would count once more
    page = pages.get_page(number)
    page.object_list = list(page.object_list)
    return page


def _counts(
    found: QuerySet[InformationRequest], counsellor: Counsellor, teams: Iterable[int]
) -> dict[str, int]:
    counts = dict.fromkeys(TABS, 0)
    rows = found.order_by().values_list("state", "taken_by", "team").annotate(number=Count("pk"))
    for state, taken_by, team, number in rows:
        if state not in InformationRequest.OPEN_STATES:
            counts["closed"] += number
            continue
        counts["all"] += number
        if taken_by is None:
            counts["waiting"] += number
        elif taken_by == counsellor.pk:
            counts["mine"] += number
        if team in teams:
            counts["team"] += number
    return counts


def _waiting(visible: QuerySet[InformationRequest]) -> int:
    still_open = visible.filter(state__in=InformationRequest.OPEN_STATES)
    return still_open.filter(taken_by__isnull=True).order_by().count()
