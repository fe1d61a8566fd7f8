"""One person's pace, the same for Telegram and the web page.

Up to ``MESSAGES_PER_MINUTE`` (a setting) a person is answered message by message. What goes beyond
is *surplus*: it is kept like everything else, the person hears once, kindly, that it is read
together, and a turn takes a few of these messages at a time with a short rest in between. So danger
in any of them is noticed within seconds, nobody gets a hundred answers, and nobody else waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from desk.mailbox import database
from desk.mailbox import statements as sql
from desk.models import Conversation, Message
from wegweiser.settings import settings
from wegweiser.texts import FALLBACK, button, response, skeleton

WINDOW = timedelta(minutes=1)
BUSY_FOR = timedelta(seconds=2)
"""A conversation that was answered so recently does not take another's place."""
REST_AFTER_SURPLUS = timedelta(seconds=2)
TELL_EVERY_S = 600
"""Somebody in distress may write fast for long; the sentence would not help them twice."""
MOST_TEXTS = 4
"""Different texts in one turn: as many parts as are looked at one by one (``bot.nlu.clauses``)."""
LONGEST_JOINED = 200
"""Characters; a longer text is a message of its own."""
MOST_ROWS = 50
JOINED_KINDS = ("text", "button")
"""A picture or a voice message may carry a file, which belongs to its own turn."""
REFUSED_TIMES = 10
SENTENCE = "utter_many_messages"


@dataclass(frozen=True)
class Together:
    """Messages that are read as one."""

    text: str
    message_ids: tuple[int, ...]
    """Without the first."""


def writes_fast(conversation_id: str, now: datetime, times: int = 1) -> bool:
    """Whether the person already wrote ``times`` what is answered in a minute."""
    number = settings().messages_per_minute * times
    nth = [now - WINDOW, conversation_id, number - 1]
    found = database.first(sql.WROTE_FAST, nth)
    return found is not None and bool(found[0])


def is_a_script(conversation: Conversation | None) -> bool:
    """Faster than anybody writes by hand: the page refuses, and the text stays in its box."""
    return conversation is not None and writes_fast(
        conversation.pk, timezone.now(), times=REFUSED_TIMES
    )


def tell(conversation: Conversation, now: datetime) -> None:
    """Say that the messages are read together; once in ten minutes."""
    language = conversation.language or conversation.language_hint or FALLBACK
    buttons = [
        {"title": button(language, one["title"]), "payload": one["payload"]}
        for one in skeleton()[SENTENCE]
    ]
    Message.objects.get_or_create(
        key=f"many:{conversation.pk}:{int(now.timestamp()) // TELL_EVERY_S}",
        defaults={
            "conversation": conversation,
            "direction": Message.Direction.OUT,
            "author": Message.Author.ASSISTANT,
            "text": response(language, SENTENCE),
            "language": language,
            "payload": {"buttons": buttons},
        },
    )


def joined_with(message_id: int) -> Together | None:
    """What is read together with a surplus message; None when it stands alone.

    Only neighbours of one kind: short texts, or the same button again. A typed command stands
    alone, since it is one only at the beginning of a text.
    """
    first = Message.objects.get(pk=message_id)
    following = Message.objects.filter(
        conversation_id=first.conversation_id,
        direction=Message.Direction.IN,
        state=Message.State.WAITING,
        pk__gt=first.pk,
    )
    texts, ids = [first.text], []
    if not _may_be_joined(first):
        return None
    for row in following[:MOST_ROWS]:
        is_new = row.text not in texts
        alike = row.kind == first.kind and row.payload == first.payload
        if not (row.surplus and alike and _may_be_joined(row)):
            break
        if is_new and len(texts) == MOST_TEXTS:
            break
        ids.append(row.pk)
        texts += [row.text] if is_new else []
    return Together("\n".join(texts), tuple(ids)) if ids else None


def _may_be_joined(row: Message) -> bool:
    is_short = len(row.text) <= LONGEST_JOINED
    return row.kind in JOINED_KINDS and is_short and not row.text.lstrip().startswith("/")
