"""What is erased by age (``docs/privacy.md``): run once a day by ``erase_old``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from desk.models import (
    Conversation,
    DeskEvent,
    InformationRequest,
    Message,
    StoredFile,
    Tracker,
    UnreadUpdate,
)
from wegweiser.settings import settings

BATCH = 500
"""Rows a transaction: on SQLite the desk waits while one writes."""
NOT_SHOWN_DAYS = 2
"""How long we remember that there is a file that the person has shown to nobody."""
DRAFT_DAYS = 7
"""How long a file is kept for a question that is written and not sent."""


@dataclass(frozen=True)
class ErasedByAge:
    """How many rows of each kind went."""

    messages: int
    trackers: int
    requests: int
    conversations: int
    desk_events: int
    files: int
    updates: int
    """That no bot could read."""


def erase_old() -> ErasedByAge:
    """Erase what is older than the settings allow.

    A message of an answered request stays as long as the request, so that the person can ask
    for the answer again. A conversation goes when nothing is left in it.
    """
    now = timezone.now()
    old = now - timedelta(days=settings().retention_days)
    old_request = now - timedelta(days=settings().request_retention_days)
    closed = InformationRequest.objects.filter(closed_at__lt=old_request)
    # Their answers first: without its request an answer would be an ordinary message.
    messages = _delete(Message.objects.filter(request__in=closed))
    requests = _delete(closed)
    messages += _delete(Message.objects.filter(created_at__lt=old, request__isnull=True))
    files = _delete(_old_files(now, old))
    trackers = _delete(Tracker.objects.filter(changed_at__lt=old))
    empty = (
        Conversation.objects.annotate(last=Coalesce(F("last_message_at"), F("created_at")))
        .filter(last__lt=old, handled_by__isnull=True)
        .filter(Q(messages__isnull=True), Q(requests__isnull=True))
    )
    conversations = _delete(empty)
    # Where counsellors logged in from is kept no longer than the log-in itself.
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    _delete(UserSession.objects.exclude(session_key__in=live))
    events = _delete(DeskEvent.objects.filter(created_at__lt=old_request))
    updates = _delete(UnreadUpdate.objects.filter(received_at__lt=old))
    return ErasedByAge(messages, trackers, requests, conversations, events, files, updates)


def _old_files(now: datetime, old: datetime) -> QuerySet[StoredFile]:
    """Files that go before their conversation; one of a request goes with its request."""
    old_draft = max(old, now - timedelta(days=DRAFT_DAYS))
    not_shown = max(old, now - timedelta(days=NOT_SHOWN_DAYS))
    return StoredFile.objects.filter(
        Q(goes_to=StoredFile.For.TALK, created_at__lt=old)
        | Q(goes_to=StoredFile.For.DRAFT, created_at__lt=old_draft)
        | Q(goes_to=StoredFile.For.NOBODY, created_at__lt=not_shown)
    )


def _delete(rows: QuerySet[Any]) -> int:
    erased = 0
    while True:
        with transaction.atomic():
            ids = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not ids:
                return erased
            rows.model._default_manager.filter(pk__in=ids).delete()
        erased += len(ids)
