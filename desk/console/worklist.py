"""The work list: who is in danger, who waits for a person, which questions are open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from desk import roles
from desk.console import filters
from desk.console.access import conversations_for, counsellor_of, needs
from desk.console.news import settings_of
from desk.console.queue import is_passed_on_to, places, queues_for
from desk.console.request_list import request_list
from desk.models import Conversation, Counsellor, Message

IN, OUT = Message.Direction.IN, Message.Direction.OUT
MOST_LIVE = 200


@require_GET
@needs(roles.WORK_REQUESTS, roles.WORK_CONVERSATIONS)
def console(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    chosen, form, _ = filters.read(request.GET)
    context = _context(request) | {
        "form": form,
        "views": counsellor_of(request).views.all(),
        "proposed_name": filters.words_for(chosen),
    }
    return render(request, "desk/console/console.html", context)


@require_GET
@needs(roles.WORK_REQUESTS, roles.WORK_CONVERSATIONS)
def worklist(request: HttpRequest) -> HttpResponse:
    """The lists alone; the page fetches them when something has changed or a filter is chosen."""
    context = _context(request)
    response = render(request, "desk/console/worklist.html", context)
    if request.headers.get("HX-Trigger") == "filters":
        # What the address shows is what the list shows: it can be sent and reloaded.
        response.headers["HX-Push-Url"] = f"{reverse('console')}?{context['query']}"
    return response


def _context(request: HttpRequest) -> dict[str, object]:
    counsellor = counsellor_of(request)
    chosen, _, problem = filters.read(request.GET)
    # Before the list is read: what comes meanwhile stays news.
    mine, last_event = settings_of(counsellor)
    found = request_list(counsellor, chosen, request.GET.get("page", "1"), mine)
    live = _live(counsellor)
    danger = [one for one in live if one.danger_since and one.danger_seen_by is None]
    waiting = [one for one in live if one.waiting_since or one.handled_by]
    return {
        "danger": danger,
        "live": sorted(waiting, key=_longest_waiting_first),
        "list": found,
        "page": found.page,
        "requests": [row.request for row in found.rows],
        "tabs": found.tabs,
        "filters": chosen,
        "filter_problem": problem,
        "query": chosen.query(),
        "mine": mine,
        "last_event": last_event,
        "today": timezone.localdate(),
        "queues": queues_for(counsellor, live),
        "places": places(counsellor, live),
        "needing": len(danger)
        + sum(1 for one in live if one.waiting_since or is_passed_on_to(counsellor, one))
        + found.waiting,
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
