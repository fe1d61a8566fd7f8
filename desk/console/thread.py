"""The messages of a conversation as the desk shows them, with what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from desk.models import Conversation, InformationRequest, Message

SHOWN = 300

STATE_COLOURS = {
    Message.State.SENT: "success",
    Message.State.UNKNOWN: "warning",
    Message.State.BLOCKED: "danger",
    Message.State.FAILED: "danger",
}


@dataclass(frozen=True)
class Line:
    """One message."""

    id: int
    author: str
    author_name: str
    text: str
    language: str
    buttons: tuple[str, ...]
    state: str
    """The delivery state as a word; empty for what the person wrote."""
    colour: str
    error: str
    written_at: datetime


def lines_of(conversation: Conversation) -> list[Line]:
    """The last messages, oldest first."""
    rows = conversation.messages.select_related("counsellor").order_by("-id")[:SHOWN]
    return _lines(reversed(rows), conversation)


def answers_to(request: InformationRequest) -> list[Line]:
    """What was sent to the person about this request, with its delivery."""
    rows: QuerySet[Message] = request.answers.select_related("counsellor").order_by("id")
    return _lines(rows, request.conversation)


def _lines(rows: Any, conversation: Conversation) -> list[Line]:
    return [_line(row, conversation) for row in rows if row.text and not _is_noise(row)]


def _is_noise(row: Message) -> bool:
    # What the page or Telegram says by itself; /delete or /human are the person's own words.
    return row.kind == "command" and row.text.startswith(("/start", "/language"))


def _line(row: Message, conversation: Conversation) -> Line:
    outgoing = row.direction == Message.Direction.OUT
    state = Message.State(row.state)
    # While a person blocks us their messages are kept and not sent.
    if outgoing and state == Message.State.WAITING and conversation.blocked_at is not None:
        state = Message.State.BLOCKED
    return Line(
        id=row.pk,
        author=row.author,
        author_name=row.counsellor.get_short_name() if row.counsellor else "",
        text=row.text,
        language=row.language,
        buttons=tuple(str(one["title"]) for one in (row.payload or {}).get("buttons", [])),
        state=str(state.label) if outgoing else "",
        colour=STATE_COLOURS.get(state, "secondary"),
        error=row.error if outgoing else "",
        written_at=row.created_at,
    )
