"""What has changed in the database since the last look: one look for all open pages together.

A topic is what a page waits for: ``console`` (the work list), ``thread:<conversation id>`` (one
conversation or request at the desk), ``chat:<address hash>`` (a person's chat page). However many
pages are open, a look costs a handful of small queries, and on SQLite nothing at all while no
other connection has written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Max, OuterRef, Q, Subquery, When
from django.utils import timezone

from desk.models import (
    IS_LIVE,
    Conversation,
    Draft,
    InformationRequest,
    Message,
    Presence,
    RequestEvent,
    StoredFile,
)
from desk.typing_signs import SHOWN_FOR

CONSOLE = "console"
THREAD = "thread:"
CHAT = "chat:"

RECENT = timedelta(seconds=30)
"""How far back new messages are looked for: longer than any transaction, or clock, is off, and
than an answer is held back so that it can be undone."""


class Watch:
    """Remembers what it saw; used by one thread, which owns the database connection."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._prints: dict[str, Any] = {}
        self._seen: deque[int] = deque(maxlen=10_000)
        self._seen_set: set[int] = set()
        self._watched: frozenset[str] = frozenset()
        # When the next message that is held back may be shown: nobody writes anything then.
        self._due: datetime | None = None

    def look(self, topics: frozenset[str]) -> set[str]:
        """The topics in which something changed since the last look."""
        version = _data_version()
        is_due = self._due is not None and self._due <= timezone.now()
        unwritten = version is not None and version == self._version
        if unwritten and topics <= self._watched and not is_due:
            return set()
        self._version, self._watched = version, topics
        changed = self._new_chat_messages() & topics
        now: dict[str, Any] = {}
        if CONSOLE in topics:
            now[CONSOLE] = _console_print()
        chats = [topic.removeprefix(CHAT) for topic in topics if topic.startswith(CHAT)]
        if chats:
            now |= _typing_prints(chats)
        threads = [topic for topic in topics if topic.startswith(THREAD)]
        if threads:
            now |= _thread_prints(threads)
        # A chat in which nobody was typing before has no print.
        changed |= {topic for topic in now if topic.startswith(CHAT) and topic not in self._prints}
        changed |= {topic for topic, seen in now.items() if self._prints.get(topic, seen) != seen}
        self._prints = now
        return changed

    def _new_chat_messages(self) -> set[str]:
        now = timezone.now()
        recent = Message.objects.filter(
            created_at__gte=now - RECENT,
            conversation__channel=Conversation.Channel.WEB,
        ).values_list("pk", "conversation__address_hash", "send_after")
        topics: set[str] = set()
        self._due = None
        for pk, address_hash, send_after in recent:
            if send_after is not None and send_after > now:
                self._due = min(filter(None, (self._due, send_after)))
                continue
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
                "passed_on_by",
                "team",
                "last",
            )
        ),
    )


def _typing_prints(address_hashes: list[str]) -> dict[str, Any]:
    """The chats to which a counsellor is typing, and when they last were."""
    rows = Conversation.objects.filter(
        counsellor_typing_at__gt=timezone.now() - SHOWN_FOR, address_hash__in=address_hashes
    ).values_list("address_hash", "counsellor_typing_at")
    return {f"{CHAT}{address_hash}": typing_at for address_hash, typing_at in rows}


def _thread_prints(topics: list[str]) -> dict[str, Any]:
    """Per conversation: its messages, their delivery, its requests, who has it, who is looking."""
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
    files: dict[str, list[Any]] = {}
    known = StoredFile.objects.filter(conversation__in=ids).order_by("pk")
    for conversation_id, *seen in known.values_list("conversation_id", "pk", "state", "goes_to"):
        files.setdefault(conversation_id, []).append(seen)
    holders = {
        row[0]: row[1:]
        for row in Conversation.objects.filter(pk__in=ids).values_list(
            "pk",
            "handled_by",
            "waiting_since",
            "danger_since",
            "blocked_at",
            "language",
            "passed_on_by",
            "team",
            "person_typing_at",
        )
    }
    drafts = _together(
        Draft.objects.filter(request__conversation__in=ids)
        .order_by("pk")
        .values_list("request__conversation", "pk", "version")
    )
    looking = _together(
        Presence.objects.filter(request__conversation__in=ids)
        .order_by("pk")
        .values_list("request__conversation", "pk")
    )
    return {
        f"{THREAD}{one}": (
            messages.get(one),
            events.get(one),
            holders.get(one),
            drafts.get(one),
            looking.get(one),
            files.get(one),
        )
        for one in ids
    }


def _together(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by their first column, the conversation."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for conversation, *rest in rows:
        found.setdefault(conversation, []).append(tuple(rest))
    return found
