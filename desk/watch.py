"""What has changed in the database since the last look: one look for all open pages together.

A topic is what a page waits for: ``console`` (the work list), ``thread:<conversation id>`` (one
conversation or request at the desk), ``chat:<address hash>`` (a person's chat page). However many
pages are open, a look costs a handful of small queries, and on SQLite nothing at all while no
other connection has written.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Max, OuterRef, Q, Subquery, When
from django.utils import timezone

from desk.models import IS_LIVE, Conversation, InformationRequest, Message, RequestEvent

CONSOLE = "console"
THREAD = "thread:"
CHAT = "chat:"

RECENT = timedelta(seconds=15)
"""How far back new messages are looked for: longer than any transaction, or clock, is off."""


class Watch:
    """Remembers what it saw; used by one thread, which owns the database connection."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._prints: dict[str, Any] = {}
        self._seen: deque[int] = deque(maxlen=10_000)
        self._seen_set: set[int] = set()
        self._watched: frozenset[str] = frozenset()

    def look(self, topics: frozenset[str]) -> set[str]:
        """The topics in which something changed since the last look."""
        version = _data_version()
        if version is not None and version == self._version and topics <= self._watched:
            return set()
        self._version, self._watched = version, topics
        changed = self._new_chat_messages() & topics
        now: dict[str, Any] = {}
        if CONSOLE in topics:
            now[CONSOLE] = _console_print()
        threads = [topic for topic in topics if topic.startswith(THREAD)]
        if threads:
            now |= _thread_prints(threads)
        changed |= {topic for topic, seen in now.items() if self._prints.get(topic, seen) != seen}
        self._prints = now
        return changed

    def _new_chat_messages(self) -> set[str]:
        recent = Message.objects.filter(
            created_at__gte=timezone.now() - RECENT,
            conversation__channel=Conversation.Channel.WEB,
        ).values_list("pk", "conversation__address_hash")
        topics: set[str] = set()
        for pk, address_hash in recent:
            if pk in self._seen_set:
                continue
            if len(self._seen) == self._seen.maxlen:
                self._seen_set.discard(self._seen[0])
            self._seen.append(pk)
            self._seen_set.add(pk)
            topics.add(f"{CHAT}{address_hash}")
        return topics


def _data_version() -> int | None:
    """SQLite's own answer to "has another connection written?"; None where there is none."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])


def _console_print() -> tuple[Any, ...]:
    """Everything the work list shows that can change, in three small queries."""
    live = (
        Q(waiting_since__isnull=False)
        | Q(handled_by__isnull=False)
        | Q(danger_since__isnull=False, danger_seen_by__isnull=True)
    )
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    last = Case(When(handled_by__isnull=False, then=Subquery(newest)))
    return (
        RequestEvent.objects.aggregate(last=Max("pk"))["last"],
        tuple(
            InformationRequest.objects.filter(state__in=InformationRequest.OPEN_STATES)
            .order_by("state", "taken_by", "team")
            .values_list("state", "taken_by", "team")
            .annotate(number=Count("pk"))
        ),
        tuple(
            Conversation.objects.filter(IS_LIVE)
            .filter(live)
            .order_by("pk")
            .annotate(last=last)
            .values_list(
                "pk",
                "language",
                "host_country",
                "country",
                "topic",
                "waiting_since",
                "danger_since",
                "handled_by",
                "last",
            )
        ),
    )


def _thread_prints(topics: list[str]) -> dict[str, Any]:
    """Per conversation: its messages, their delivery, its requests, who has it."""
    ids = [topic.removeprefix(THREAD) for topic in topics]
    messages = {
        row[0]: row[1:]
        for row in Message.objects.filter(conversation__in=ids)
        .order_by("conversation")
        .values_list("conversation")
        .annotate(
            last=Max("pk"),
            settled=Max("settled_at"),
            waiting=Count("pk", filter=Q(state="waiting")),
            sending=Count("pk", filter=Q(state="sending")),
        )
    }
    events = {
        row[0]: row[1:]
        for row in RequestEvent.objects.filter(request__conversation__in=ids)
        .order_by("request__conversation")
        .values_list("request__conversation")
        .annotate(last=Max("pk"))
    }
    holders = {
        row[0]: row[1:]
        for row in Conversation.objects.filter(pk__in=ids).values_list(
            "pk", "handled_by", "waiting_since", "danger_since", "blocked_at", "language"
        )
    }
    return {f"{THREAD}{one}": (messages.get(one), events.get(one), holders.get(one)) for one in ids}
