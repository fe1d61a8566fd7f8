"""Who is typing just now: a time in the conversation, true for a few seconds.

Nothing of what is typed leaves either side before it is sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from desk.models import Conversation
from desk.wake import wake_assistant

SHOWN_FOR = timedelta(seconds=6)
"""Telegram shows it for five seconds; pages say it again every four while somebody types."""
AGAIN_AFTER = timedelta(seconds=2)
"""A page that says it more often than this is not listened to."""


def is_fresh(typing_at: datetime | None) -> bool:
    """Whether somebody who was typing then still counts as typing."""
    return typing_at is not None and typing_at > timezone.now() - SHOWN_FOR


def counsellor_types(conversation_id: str, counsellor_id: int) -> bool:
    """The counsellor who has the conversation is typing; False when there is nothing to show."""
    now = timezone.now()
    told = Conversation.objects.filter(
        _not_just_said("counsellor_typing_at", now), pk=conversation_id, handled_by=counsellor_id
    ).update(counsellor_typing_at=now)
    if told:
        wake_assistant()
    return bool(told)


def person_types(address_hash: str) -> None:
    """The person on the chat page is typing; kept only while a counsellor is there to see it."""
    now = timezone.now()
    Conversation.objects.filter(
        _not_just_said("person_typing_at", now),
        address_hash=address_hash,
        channel=Conversation.Channel.WEB,
        handled_by__isnull=False,
    ).update(person_typing_at=now)


def _not_just_said(field: str, now: datetime) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lt": now - AGAIN_AFTER})
