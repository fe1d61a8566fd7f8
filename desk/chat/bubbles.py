"""What the chat page shows of a conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from desk.mailbox.web import due
from desk.models import Conversation, Message
from wegweiser.pictures import steps_name
from wegweiser.texts import all_languages

DIRECTIONS = {True: "rtl", False: "ltr", None: "auto"}
PICTURE = "picture"
SHOWN = 200
"""Messages of one conversation that a page shows at most."""


@dataclass(frozen=True)
class Bubble:
    """One message on the page."""

    id: int
    author: str
    text: str
    language: str
    direction: str
    """``ltr``, ``rtl``, or ``auto`` where the language is not known."""
    buttons: tuple[tuple[str, str], ...]
    """(button id, title) in order."""
    picture: str
    """Where a picture is that says the same as the text; else empty."""
    client_id: str
    is_new: bool
    """The page has not said yet that it shows it."""
    written_at: datetime

    @property
    def is_person(self) -> bool:
        return self.author == Message.Author.PERSON


def bubbles(conversation: Conversation | None, *, after: int = 0) -> list[Bubble]:
    """The last messages, oldest first; with ``after`` only newer ones and those not yet shown.

    Rows of one conversation can become visible out of order (two processes write); asking for
    what is waiting besides what is newer misses none.
    """
    if conversation is None:
        return []
    rows = due(conversation.messages.exclude(kind="command")).order_by("-id")
    rows = rows.exclude(state=Message.State.WITHDRAWN)
    if after:
        waiting = Q(direction=Message.Direction.OUT, state=Message.State.WAITING)
        rows = rows.filter(Q(pk__gt=after) | waiting)
    return _bubbles(reversed(rows[:SHOWN]))


def bubble_of(message_id: int) -> list[Bubble]:
    """The one message, as a list for the template."""
    return _bubbles(Message.objects.filter(pk=message_id))


def _bubbles(rows: Iterable[Message]) -> list[Bubble]:
    rtl = {language.code: language.rtl for language in all_languages()}
    shown = []
    for row in rows:
        if not row.text:
            continue
        outgoing = row.direction == Message.Direction.OUT
        buttons = (row.payload or {}).get("buttons", []) if outgoing else []
        shown.append(
            Bubble(
                id=row.pk,
                author=row.author,
                text=row.text,
                language=row.language,
                direction=DIRECTIONS[rtl.get(row.language)],
                buttons=tuple(
                    (f"{row.token}:{number}", str(button["title"]))
                    for number, button in enumerate(buttons)
                ),
                picture=_picture(row),
                client_id="" if outgoing else row.key.rpartition(":")[2],
                is_new=outgoing and row.state == Message.State.WAITING,
                written_at=row.created_at,
            )
        )
    return shown


def _picture(row: Message) -> str:
    data = (row.payload or {}).get("data", {}) if row.kind == PICTURE else {}
    language = str(data.get("language", ""))
    if not data or language not in {one.code for one in all_languages()}:
        return ""
    return reverse("chat-picture", args=[steps_name(language)])


def with_choices(shown: list[Bubble]) -> int:
    """The message whose buttons can be pressed: the last that has any, if nobody answered since."""
    for bubble in reversed(shown):
        if bubble.is_person:
            return 0
        if bubble.buttons:
            return bubble.id
    return 0
