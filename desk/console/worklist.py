"""The work list: who is in danger, who waits for a person, which questions are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from desk import roles
from desk.console.access import conversations_for, counsellor_of, needs, requests_for
from desk.console.queue import is_passed_on_to, places, queues_for
from desk.models import Conversation, Counsellor, InformationRequest, Message

IN, OUT = Message.Direction.IN, Message.Direction.OUT
PAGE_SIZE = 50
MOST_LIVE = 200


@dataclass(frozen=True)
class Filter:
    """One tab above the requests."""

    name: str
    title: str | Promise
    count: int
    is_current: bool


TABS: tuple[tuple[str, str | Promise], ...] = (
    ("waiting", _("Waiting")),
    ("mine", _("Mine")),
    ("all", _("All open")),
    ("closed", _("Done")),
)


@require_GET
@needs(roles.WORK_REQUESTS, roles.WORK_CONVERSATIONS)
def console(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    return render(request, "desk/console/console.html", _context(request))


@require_GET
@needs(roles.WORK_REQUESTS, roles.WORK_CONVERSATIONS)
def worklist(request: HttpRequest) -> HttpResponse:
    """The lists alone; the page fetches them when something has changed."""
    return render(request, "desk/console/worklist.html", _context(request))


def _context(request: HttpRequest) -> dict[str, object]:
    counsellor = counsellor_of(request)
    current = request.GET.get("show", "waiting")
    if current not in dict(TABS):
        current = "waiting"
    counts = _counts(counsellor)
    live = _live(counsellor)
    danger = [one for one in live if one.danger_since and one.danger_seen_by is None]
    waiting = [one for one in live if one.waiting_since or one.handled_by]
    page = _page(counsellor, current, request.GET.get("page", "1"), counts[current])
    return {
        "danger": danger,
        "live": sorted(waiting, key=_longest_waiting_first),
        "page": page,
        "requests": _rows(page),
        "tabs": [
            Filter(name, title, counts[name], is_current=name == current) for name, title in TABS
        ],
        "current": current,
        "today": timezone.localdate(),
        "queues": queues_for(counsellor, live),
        "places": places(counsellor, live),
        "needing": len(danger)
        + sum(1 for one in live if one.waiting_since or is_passed_on_to(counsellor, one))
        + counts["waiting"],
    }


def _live(counsellor: Counsellor) -> Sequence[Conversation]:
    """People in danger, waiting, or talking with somebody, and how much they wrote since."""
    written = Message.objects.filter(conversation=OuterRef("pk"), direction=OUT)
    last_written = Coalesce(Subquery(written.order_by("-pk").values("pk")[:1]), 0)
    unread = Count("messages", filter=Q(messages__direction=IN, messages__pk__gt=last_written))
    shown = conversations_for(counsellor).exclude(
        waiting_since__isnull=True, handled_by__isnull=True, danger_seen_by__isnull=False
    )
    return list(shown.annotate(unread=unread)[:MOST_LIVE])


def _longest_waiting_first(one: Conversation) -> tuple[bool, datetime]:
    return one.handled_by is not None, one.waiting_since or one.created_at


def _requests(counsellor: Counsellor, current: str) -> QuerySet[InformationRequest]:
    found = requests_for(counsellor).select_related(None)
    still_open = found.filter(state__in=InformationRequest.OPEN_STATES)
    if current == "mine":
        return still_open.filter(taken_by=counsellor).order_by("promised_on", "id")
    if current == "all":
        return still_open.order_by("promised_on", "id")
    if current == "closed":
        done = found.exclude(state__in=InformationRequest.OPEN_STATES)
        return done.order_by("-closed_at", "-id")
    return still_open.filter(taken_by__isnull=True).order_by("promised_on", "id")


def _page(counsellor: Counsellor, current: str, number: str, count: int) -> Page[int]:
    """One page of requests: sorted by what an index holds, then fetched for this page alone."""
    pages = Paginator(_requests(counsellor, current).values_list("pk", flat=True), PAGE_SIZE)
    pages.count = count  # known already; else the database would count once more
    page = pages.get_page(number)
    page.object_list = list(page.object_list)
    return page


def _rows(page: Page[int]) -> list[InformationRequest]:
    # Texts are not read for the list: they are long and each would have to be decrypted.
    found = InformationRequest.objects.select_related("taken_by").defer("question", "place")
    by_id = found.in_bulk(page.object_list)
    return [by_id[pk] for pk in page.object_list if pk in by_id]


def _counts(counsellor: Counsellor) -> dict[str, int]:
    """How many requests each tab holds, from one index."""
    counts = dict.fromkeys(dict(TABS), 0)
    rows = (
        requests_for(counsellor)
        .select_related(None)
        .order_by()
        .values_list("state", "taken_by")
        .annotate(number=Count("pk"))
    )
    for state, taken_by, number in rows:
        if state not in InformationRequest.OPEN_STATES:
            counts["closed"] += number
            continue
        counts["all"] += number
        if taken_by is None:
            counts["waiting"] += number
        elif taken_by == counsellor.pk:
            counts["mine"] += number
    return counts
