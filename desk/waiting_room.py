"""Waiting for a live conversation, and danger: what the assistant tells the desk at once.

Part of the door ``desk.requests``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from desk.models import Conversation, Team
from desk.teams import hours_of, team_for


@dataclass(frozen=True)
class Waiting:
    """The truth about when a person will be there."""

    people_before: int
    staffed_now: bool
    staffed_next: datetime


def ask_for_person(conversation_id: str, topic: str = "", host_country: str = "") -> Waiting:
    """Put the conversation on its team's waiting list; asking twice keeps the place.

    ``host_country`` is what the person said in this very turn, which is not stored yet.
    """
    found = Conversation.objects.filter(pk=conversation_id)
    host_country = host_country or found.values_list("host_country", flat=True).first() or ""
    found.filter(waiting_since__isnull=True, handled_by__isnull=True).update(
        waiting_since=timezone.now(), topic=topic, team=team_for(host_country)
    )
    mine = found.select_related("team").first()
    if mine is None:
        return waiting_truth(0, None, host_country)
    return waiting_truth(people_before(mine), mine.team, host_country)


def people_before(conversation: Conversation) -> int:
    """How many wait for the same team, and have done so for longer."""
    if conversation.waiting_since is None:
        return 0
    return Conversation.objects.filter(
        waiting_since__lt=conversation.waiting_since,
        handled_by__isnull=True,
        team=conversation.team_id,
    ).count()


def waiting_truth(
    people_before: int = 0, team: Team | None = None, host_country: str = ""
) -> Waiting:
    """Whether a team is at its desk now, and when it is next."""
    hours = hours_of(team, host_country)
    now = timezone.now()
    return Waiting(people_before, hours.open_at(now), hours.next_opening(now))


def stop_waiting(conversation_id: str) -> None:
    """The person no longer wants to wait for somebody."""
    Conversation.objects.filter(pk=conversation_id).update(waiting_since=None)


def raise_danger(conversation_id: str) -> None:
    """Mark a conversation so that it stands at the top of the desk until somebody has seen it."""
    Conversation.objects.filter(pk=conversation_id).update(
        danger_since=timezone.now(), danger_seen_by=None
    )
