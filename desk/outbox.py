"""What the desk sends to a person: a row a message, once however often it is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk.models import Conversation, Counsellor, InformationRequest, Message
from desk.wake import wake_assistant
from wegweiser.texts import FALLBACK, button, response

ASK_MORE = ("question", "/request_information")
HUMAN = ("human", "/request_human")
"""Buttons below an answer: (key of the words, what the press means)."""

NEXT_MESSAGE = re.compile(r"\n\s*---\s*\n")
"""A line of three dashes in a text: what follows is a message of its own."""


@dataclass(frozen=True)
class Outgoing:
    """A message to a person; ``key`` makes a second press of the same button harmless."""

    conversation: Conversation
    key: str
    text: str
    author: str = Message.Author.ASSISTANT
    counsellor: Counsellor | None = None
    request: InformationRequest | None = None
    buttons: tuple[tuple[str, str], ...] = ()


def language_of(conversation: Conversation) -> str:
    """The language we write to a person in."""
    return conversation.language or conversation.language_hint or FALLBACK


def composed_answer(request: InformationRequest, answer: str) -> str:
    """An answer as the person reads it: introduced with the reference of their question."""
    language = request.conversation.language or request.language
    return response(
        language, "utter_request_answer", {"reference": request.reference, "text": answer}
    )


def send(outgoing: Outgoing) -> tuple[Message, bool]:
    """Store a message and wake the sender; (the row, whether it is new).

    To be called inside the transaction of the ``do_*`` function that it belongs to. A text of
    several messages becomes several rows; the buttons stand under the last, which is returned.
    """
    *before, last = NEXT_MESSAGE.split(outgoing.text)
    for number, text in enumerate(before):
        _store(outgoing, f"{outgoing.key}:{number}", text, ())
    row, is_new = _store(outgoing, outgoing.key, last, outgoing.buttons)
    if is_new:
        wake_assistant()
    return row, is_new


def _store(
    outgoing: Outgoing, key: str, text: str, buttons: tuple[tuple[str, str], ...]
) -> tuple[Message, bool]:
    language = language_of(outgoing.conversation)
    titled = [{"title": button(language, words), "payload": payload} for words, payload in buttons]
    return Message.objects.get_or_create(
        key=key,
        defaults={
            "conversation": outgoing.conversation,
            "direction": Message.Direction.OUT,
            "author": outgoing.author,
            "counsellor": outgoing.counsellor,
            "request": outgoing.request,
            "text": text.strip(),
            "language": language,
            "payload": {"buttons": titled} if titled else None,
        },
    )
