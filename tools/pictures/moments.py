"""When things happened, and to whom: every row that the pictures show passes here."""

from __future__ import annotations

import itertools
import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from desk import mailbox
from desk.models import (
    Conversation,
    DeskEvent,
    InformationRequest,
    Message,
    RequestEvent,
    StoredFile,
)

STARTED = timezone.now()
FRIDAY = 4

numbers = itertools.count(1)
draw = random.Random(20261123)


def wrote(days: int) -> datetime:
    """When somebody may have written to us, so many days ago."""
    return _moment(timezone.localdate() - timedelta(days=days), draw.randrange(8, 20))


def worked(days: int, hour: int) -> datetime:
    """An hour at the desk, so many days ago; what falls on a weekend is done on Monday."""
    day = timezone.localdate() - timedelta(days=days)
    while day.weekday() > FRIDAY:
        day += timedelta(days=1)
    return _moment(day, hour)


def _moment(day: date, hour: int) -> datetime:
    moment = timezone.make_aware(datetime.combine(day, time(hour, draw.randrange(60))))
    # Of today, never one that is still to come.
    return min(moment, STARTED - timedelta(minutes=2))


def happened(conversation: Conversation, when: datetime) -> None:
    """What was done about a conversation just now was done then."""
    pk = conversation.pk
    for rows in (
        RequestEvent.objects.filter(request__conversation=pk),
        InformationRequest.objects.filter(conversation=pk),
        DeskEvent.objects.filter(conversation=pk),
        Message.objects.filter(conversation=pk),
        StoredFile.objects.filter(conversation=pk),
    ):
        rows.filter(created_at__gte=STARTED).update(created_at=when)
    InformationRequest.objects.filter(conversation=pk, closed_at__gte=STARTED).update(
        closed_at=when
    )


def done(when: datetime) -> None:
    """What was done at the desk just now, about no conversation, was done then."""
    rows = DeskEvent.objects.filter(conversation=None, created_at__gte=STARTED)
    rows.update(created_at=when)


def talk_of(language: str, host: str, country: str, topic: str = "") -> Conversation:
    """Somebody on Telegram."""
    made = mailbox.conversation_for("telegram", str(700_000 + next(numbers)))
    Conversation.objects.filter(pk=made.pk).update(
        language=language, host_country=host, country=country, topic=topic
    )
    return Conversation.objects.get(pk=made.pk)
