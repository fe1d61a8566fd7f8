"""Who is looking at a request right now. A page says so while it is open; silence ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from desk.models import Counsellor, Draft, InformationRequest, Presence

GONE_AFTER = timedelta(seconds=40)
"""Three times as long as a page is silent at most (``desk/static/desk/request.js``)."""
WRITING_FOR = timedelta(seconds=30)


@dataclass(frozen=True)
class Looking:
    """A colleague who has the same request open."""

    counsellor: Counsellor
    is_writing: bool


def looks(counsellor: Counsellor, request: InformationRequest) -> None:
    """The counsellor's page with this request is open and in front."""
    now = timezone.now()
    Presence.objects.update_or_create(
        request=request, counsellor=counsellor, defaults={"seen_at": now}
    )
    request.presences.filter(seen_at__lt=now - GONE_AFTER).delete()


def leaves(counsellor: Counsellor, request: InformationRequest) -> None:
    """The page is closed, or behind another one."""
    request.presences.filter(counsellor=counsellor).delete()


def others_at(request: InformationRequest, counsellor: Counsellor) -> list[Looking]:
    """Which colleagues look at it as well, and whether they write."""
    now = timezone.now()
    there = request.presences.filter(seen_at__gte=now - GONE_AFTER).exclude(counsellor=counsellor)
    draft = Draft.objects.filter(
        request=request, sent=False, changed_at__gte=now - WRITING_FOR
    ).first()
    writes = draft.changed_by_id if draft and draft.text + draft.source else None
    return [
        Looking(one.counsellor, is_writing=one.counsellor_id == writes)
        for one in there.select_related("counsellor").order_by("counsellor")
    ]
