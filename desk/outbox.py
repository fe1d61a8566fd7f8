"""What the desk sends to a person: a row a message, once however often it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from desk.models import Conversation, Counsellor, InformationRequest, Message
from desk.wake import wake_assistant
from wegweiser.messages import messages_of
from wegweiser.texts import FALLBACK, button, response, word

ASK_MORE = ("question", "/request_information")
HUMAN = ("human", "/request_human")
"""Buttons below an answer: (key of the words, what the press means)."""


@dataclass(frozen=True)
class Outgoing:
    """A message to a person; ``key`` makes a second press of the same button harmless."""

    conversation: Conversation
    key: str
    text: str
    kind: str = "text"
    author: str = Message.Author.ASSISTANT
    counsellor: Counsellor | None = None
    request: InformationRequest | None = None
    buttons: tuple[tuple[str, str], ...] = ()
    send_after: datetime | None = None
    """Not delivered before; until then it can be taken back."""


def language_of(conversation: Conversation) -> str:
    """The language we write to a person in."""
    return conversation.language or conversation.language_hint or FALLBACK


def reader_language(request: InformationRequest) -> str:
    """The language in which the person reads the answer to a request."""
    return request.conversation.language or request.language or FALLBACK


def composed_answer(request: InformationRequest, answer: str, *, by_machine: bool = False) -> str:
    """An answer as the person reads it: introduced with the reference of their question.

    ``by_machine``: nobody has checked the translation, and the person is told.
    """
    language = reader_language(request)
    text = f"{answer.strip()}\n\n{word(language, 'machine_translated')}" if by_machine else answer
    return response(
        language, "utter_request_answer", {"reference": request.reference, "text": text}
    )


def send(outgoing: Outgoing) -> tuple[Message, bool]:
    """Store a message and wake the sender; (the row, whether it is new).

    To be called inside the transaction of the ``do_*`` function that it belongs to. A text of
    several messages becomes several rows; the buttons stand under the last, which is returned.
    """
    *before, last = messages_of(outgoing.text)
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
            "kind": outgoing.kind,
            "text": text,
            "language": language,
            "payload": {"buttons": titled} if titled else None,
            "send_after": outgoing.send_after,
        },
    )


def send_again(row: Message, counsellor: Counsellor) -> tuple[Message | None, bool]:
    """Store a message anew that did not arrive, or perhaps did not; (the new row, whether it is).

    The old row keeps what became of it and names the new one. One that is kept back because the
    person blocks us is withdrawn, so that it can't arrive twice, and we try whether they still do.
    None for a row that arrived or is still being tried.
    """
    conversation = row.conversation
    unsure = row.state in (Message.State.UNKNOWN, Message.State.FAILED)
    if row.resent_as_id is not None:
        return row.resent_as, False
    if not unsure and not (row.state == Message.State.WAITING and conversation.blocked_at):
        return None, False
    payload: Any = {"buttons": (row.payload or {}).get("buttons", [])}
    again = Message.objects.create(
        conversation=conversation,
        key=f"again:{row.pk}",
        direction=Message.Direction.OUT,
        author=row.author,
        counsellor=counsellor,
        request=row.request,
        kind=row.kind,
        text=row.text,
        language=row.language,
        payload=payload,
        send_after=row.send_after,
    )
    if not unsure:
        taken_back = Message.objects.filter(pk=row.pk, state=Message.State.WAITING).update(
            state=Message.State.WITHDRAWN, error="sent_again", settled_at=timezone.now()
        )
        if not taken_back:
            again.delete()
            return None, False
        type(conversation).objects.filter(pk=conversation.pk).update(blocked_at=None)
    Message.objects.filter(pk=row.pk).update(resent_as=again)
    wake_assistant()
    return again, True
