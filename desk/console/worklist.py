"""The work list: who is in danger, who waits for a person, which questions are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from desk import roles
from desk.console import filters
from desk.console.access import conversations_for, counsellor_of, needs
from desk.console.names import Words, country_name, language_name, topic_name
from desk.console.news import settings_of
from desk.console.queue import is_passed_on_to, places, queues_for
from desk.console.request_list import request_list
from desk.models import IS_LIVE, Conversation, Counsellor, ListSettings, Message

IN, OUT = Message.Direction.IN, Message.Direction.OUT
MOST_LIVE = 200


@require_GET
@needs(roles.WORK_REQUESTS, roles.WORK_CONVERSATIONS)
def console(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    chosen, form, _problem = filters.read(request.GET)
    # Before the list is read: what comes meanwhile stays news.
    context = _context(request, *settings_of(counsellor_of(request))) | {
        "form": form,
        "views": counsellor_of(request).views.all(),
        "proposed_name": filters.words_for(chosen),
    }
    return render(request, "desk/console/console.html", context)


@require_GET
@needs(roles.WORK_REQUESTS, roles.WORK_CONVERSATIONS)
def worklist(request: HttpRequest) -> HttpResponse:
    """The lists alone; the page fetches them when something has changed or a filter is chosen.

    A page says which state of the requests it shows (``seen``). While nothing has happened to any
    request it gets the live conversations alone: they change with each message, and fifty open
    lists would each read and write out their requests again. Once a minute it asks for all.
    """
    counsellor = counsellor_of(request)
    mine, last_event = settings_of(counsellor)
    known, _dot, waiting = request.GET.get("seen", "").rpartition(".")
    if known == _state(mine, last_event) and waiting.isdecimal():
        chosen, *_rest = filters.read(request.GET)
        number = request.GET.get("page", "1")
        context = {"query": chosen.query(), "number": number if number.isdecimal() else "1"}
        context |= _live_part(counsellor, mine, last_event, int(waiting))
        response = render(request, "desk/console/worklist_live.html", context)
        response.headers["HX-Retarget"] = "#live-part"
        return response
    context = _context(request, mine, last_event)
    response = render(request, "desk/console/worklist_refresh.html", context)
    if request.headers.get("HX-Trigger") == "filters":
        # What the address shows is what the list shows: it can be sent and reloaded.
        response.headers["HX-Push-Url"] = f"{reverse('console')}?{context['query']}"
    return response


def _state(mine: ListSettings, last_event: int) -> str:
    """Names a state of the requests: another one when something happened, or the day is over."""
    return f"{last_event}.{mine.seen_event}.{timezone.localdate():%Y%m%d}"


def _context(request: HttpRequest, mine: ListSettings, last_event: int) -> dict[str, Any]:
    counsellor = counsellor_of(request)
    chosen, _form, problem = filters.read(request.GET)
    found = request_list(counsellor, chosen, request.GET.get("page", "1"), mine)
    return {
        "list": found,
        "page": found.page,
        "number": found.page.number,
        "requests": found.requests,
        "tabs": found.tabs,
        "filters": chosen,
        "filter_problem": problem,
        "query": chosen.query(),
        "last_event": last_event,
    } | _live_part(counsellor, mine, last_event, found.waiting)


def _live_part(
    counsellor: Counsellor, mine: ListSettings, last_event: int, waiting: int
) -> dict[str, Any]:
    """What stands above the requests, of which ``waiting`` have been taken by nobody."""
    live = _live(counsellor)
    danger = [one for one in live if one.danger_since and one.danger_seen_by is None]
    talks = sorted(
        (one for one in live if one.waiting_since or one.handled_by), key=_longest_waiting_first
    )
    asking = [one for one in live if one.waiting_since or is_passed_on_to(counsellor, one)]
    return {
        "danger": danger,
        "live": talks,
        "live_rows": _live_rows(talks),
        "mine": mine,
        "seen": f"{_state(mine, last_event)}.{waiting}",
        "queues": queues_for(counsellor, live),
        "places": places(counsellor, live),
        "needing": len(danger) + len(asking) + waiting,
    }


def _live(counsellor: Counsellor) -> Sequence[Conversation]:
    """People in danger, waiting, or talking with somebody, and how much they wrote since."""
    said = Message.objects.filter(conversation=OuterRef("pk"))
    last_written = said.filter(direction=OUT).order_by("-pk").values("pk")[:1]
    written_since = (
        said.filter(direction=IN, pk__gt=OuterRef("last_written"))
        .order_by()
        .values("conversation")
        .annotate(number=Count("pk"))
    )
    shown = conversations_for(counsellor).filter(IS_LIVE)
    shown = shown.exclude(
        waiting_since__isnull=True, handled_by__isnull=True, danger_seen_by__isnull=False
    )
    counted = shown.annotate(last_written=Coalesce(Subquery(last_written), 0)).annotate(
        unread=Coalesce(Subquery(written_since.values("number")), 0)
    )
    # Nobody needs the contact ids here, and each would have to be decrypted.
    return list(counted.defer("address")[:MOST_LIVE])


@dataclass(frozen=True)
class LiveRow:
    """One conversation of the list."""

    conversation: Conversation
    waits: bool
    language: str
    host: str
    country: str
    topic: str


def _live_rows(talks: Sequence[Conversation]) -> list[LiveRow]:
    say = Words()
    return [
        LiveRow(
            one,
            waits=one.waiting_since is not None and one.handled_by is None,
            language=say(language_name, one.language),
            host=say(country_name, one.host_country),
            country=say(country_name, one.country),
            topic=say(topic_name, one.topic),
        )
        for one in talks
    ]


def _longest_waiting_first(one: Conversation) -> tuple[bool, datetime]:
    return one.handled_by is not None, one.waiting_since or one.created_at
