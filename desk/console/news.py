"""What has changed in the requests since a counsellor last looked.

A look ends when they say so ("I have looked"), or for one request when they open it. What they
did themselves is no news to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise

from desk.models import Counsellor, DeskEvent, InformationRequest, ListSettings, RequestEvent

Kind = RequestEvent.Kind


@dataclass(frozen=True)
class News:
    """What is new about one request."""

    is_new: bool
    """It was opened since; otherwise something was done with it."""
    what: str | Promise


def settings_of(counsellor: Counsellor) -> tuple[ListSettings, int]:
    """(how somebody wants the list, the last thing that has happened to any request).

    At somebody's first look nothing in the list is news.
    """
    newest = RequestEvent.objects.order_by("-pk").values("pk")
    mine = ListSettings.objects.filter(counsellor=counsellor)
    found = mine.annotate(last=Subquery(newest[:1])).first()
    if found is not None:
        return found, found.last or 0
    last = newest.values_list("pk", flat=True).first() or 0
    made = ListSettings(counsellor=counsellor, seen_event=last)
    ListSettings.objects.bulk_create([made], ignore_conflicts=True)
    return made, last


def do_look(counsellor: Counsellor, event: int) -> None:
    """They have seen everything up to this event; what came while they read stays news."""
    mine, last = settings_of(counsellor)
    ListSettings.objects.filter(pk=mine.pk).update(
        seen_event=max(mine.seen_event, min(event, last)), seen_at=timezone.now()
    )


def events_since(counsellor: Counsellor, mine: ListSettings) -> QuerySet[RequestEvent]:
    """The events that are news to somebody."""
    opened = DeskEvent.objects.filter(
        request=OuterRef("request"),
        counsellor=counsellor,
        kind=DeskEvent.Kind.SAW_REQUEST,
        created_at__gte=OuterRef("created_at"),
    )
    since = RequestEvent.objects.filter(pk__gt=mine.seen_event).exclude(counsellor=counsellor)
    return since.filter(~Exists(opened)).order_by()


def news_of(events: QuerySet[RequestEvent], requests: Sequence[int]) -> dict[int, News]:
    """By request, the last that happened to it; for the requests of one page."""
    found: dict[int, News] = {}
    rows = events.filter(request__in=requests).order_by("pk")
    for request, kind, state in rows.values_list("request", "kind", "state"):
        is_new = kind == Kind.OPENED or (request in found and found[request].is_new)
        what = InformationRequest.State(state) if kind == Kind.STATE and state else Kind(kind)
        found[request] = News(is_new, what.label)
    return found
