"""The messages of a conversation as the desk shows them, with what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from desk.models import Conversation, InformationRequest, Message

SHOWN = 300

STATE_COLOURS = {
    Message.State.SENT: "success",
    Message.State.UNKNOWN: "warning",
    Message.State.BLOCKED: "danger",
    Message.State.FAILED: "danger",
}

RESENDABLE = (Message.State.UNKNOWN, Message.State.FAILED, Message.State.BLOCKED)


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
    may_resend: bool = False
    """It did not arrive, or perhaps did not, and was not sent again."""


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
    state_name = str(state.label)
    if state == Message.State.WAITING and row.send_after and row.send_after > timezone.now():
        state_name = gettext("held back for a moment")
    elif row.resent_as_id is not None:
        state_name = gettext("%(state)s, sent again") % {"state": state_name}
    return Line(
        id=row.pk,
        author=row.author,
        author_name=row.counsellor.get_short_name() if row.counsellor else "",
        text=row.text,
        language=row.language,
        buttons=tuple(str(one["title"]) for one in (row.payload or {}).get("buttons", [])),
        state=state_name if outgoing else "",
        colour=STATE_COLOURS.get(state, "secondary"),
        error=row.error if outgoing else "",
        written_at=row.created_at,
        may_resend=outgoing and state in RESENDABLE and row.resent_as_id is None,
    )
