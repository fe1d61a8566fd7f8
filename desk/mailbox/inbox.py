"""In: what a person sent becomes a row, once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from desk.mailbox import database, rates
from desk.mailbox import statements as sql
from desk.mailbox.files import offer
from desk.mailbox.kinds import FOR_ASSISTANT, Incoming, Received
from desk.mailbox.rows import NewMessage, add
from desk.models import Conversation, Message
from wegweiser.encryption import lookup_hash
from wegweiser.erasing import asks_to_erase

MAX_TEXT = 8_000
"""Characters of one incoming text that are kept; Telegram itself allows 4,096 units."""
COMMANDS_FOR_ASSISTANT = re.compile(r"/(?:delete|language|help|status)\b", re.ASCII)
BUTTONS_FOR_ASSISTANT = ("/delete_my_data", '/inform{"media": "show"')
"""A wish to erase, and the consent to show a file: never left lying with a counsellor."""
ALWAYS_FOR_ASSISTANT = ("command", FOR_ASSISTANT)
PLACES = ("location", "venue")
"""Of these rows the payload is where somebody is, kept only for the assistant's answer."""
BUTTON_ID = re.compile(r"([A-Za-z0-9_-]{1,16}):([0-9]{1,3})", re.ASCII)

IN, OUT = Message.Direction.IN, Message.Direction.OUT
State = Message.State


def receive(incoming: Incoming) -> Received:
    """Store what a person sent; the same key twice is one row.

    A message that arrives while a counsellor holds the conversation is the counsellor's to read:
    it is "done" for the assistant, which must not answer it hours later when it is given back.
    A wish to erase and the like is the assistant's whoever holds the conversation.
    Whoever writes has not blocked us: what was kept back is sent.
    """
    with transaction.atomic():
        # Whose it is to read is decided under the lock: a counsellor may just be taking the
        # conversation or giving it back, and between the two a message would be nobody's.
        conversation_id, handled_by = _contact(incoming)
        now = timezone.now()
        payload, label, expired = _pressed(conversation_id, incoming.button)
        kind = _kind(incoming, payload, expired=expired)
        row = NewMessage(
            key=incoming.key[:120],
            conversation_id=conversation_id,
            direction=IN,
            author=Message.Author.PERSON,
            kind=kind,
            text=(label or incoming.text)[:MAX_TEXT],
            payload=_kept(payload, incoming),
            external_id=incoming.external_id,
        )
        if handled_by is not None and kind not in ALWAYS_FOR_ASSISTANT:
            row = replace(row, state=State.DONE, settled_at=now)
            if kind in PLACES:
                row = replace(row, payload=None)
        elif incoming.kind != "command":
            row = replace(row, surplus=rates.writes_fast(conversation_id, now))
        message_id = add(row, now)
        is_new, stored_text = message_id is not None, row.text
        if message_id is None:
            message_id, conversation_id, stored_text = _known(row.key)
        if incoming.file is not None:
            # Also where the message is known: an album is one message with many files.
            offer(_message(message_id), incoming.file, _conversation(conversation_id))
        if incoming.own_key and row.text and row.text != stored_text:
            return receive(_words_alone(incoming))
        if is_new:
            hint = incoming.language_hint[:8] or None
            database.change(sql.HEARD_OF, [now, hint, conversation_id])
            if row.surplus:
                rates.tell(_conversation(conversation_id), now)
    return Received(message_id, conversation_id, is_new, expired)


def _contact(incoming: Incoming) -> tuple[str, int | None]:
    """The conversation's id, locked, and who handles it."""
    address = lookup_hash(incoming.channel, incoming.address)
    found = database.first(sql.CONTACT, [address], lock="FOR NO KEY UPDATE")
    if found is not None:
        return found[0], found[1]
    made = conversation_for(
        incoming.channel, incoming.address, language_hint=incoming.language_hint, locked=True
    )
    return made.pk, made.handled_by_id


def _known(key: str) -> tuple[int, str, str]:
    """Id, conversation and text of the message with this key, which is there."""
    ((message_id, conversation_id, text),) = database.all_of(sql.KNOWN, [key])
    return message_id, conversation_id, database.text_of(text)


def _message(message_id: int) -> Message:
    return Message.objects.only("pk", "conversation_id", "state").get(pk=message_id)


def _conversation(conversation_id: str) -> Conversation:
    # Nobody here needs the address, and it would be decrypted.
    return Conversation.objects.defer("address").get(pk=conversation_id)


def _words_alone(incoming: Incoming) -> Incoming:
    """Words below another picture of an album than the first that came: a message of their own."""
    return replace(incoming, key=incoming.own_key, own_key="", kind="text", file=None)


def _kind(incoming: Incoming, payload: str, *, expired: bool) -> str:
    if expired:
        return "expired_button"
    if payload.startswith(BUTTONS_FOR_ASSISTANT):
        return FOR_ASSISTANT
    if incoming.kind in ("text", "edited") and (
        COMMANDS_FOR_ASSISTANT.match(incoming.text.strip()) or asks_to_erase(incoming.text)
    ):
        return FOR_ASSISTANT
    return incoming.kind[:16]


def _kept(payload: str, incoming: Incoming) -> dict[str, Any] | None:
    kept: dict[str, Any] = {"payload": payload} if payload else {}
    if incoming.nearest:
        kept["nearest"] = list(incoming.nearest)
    return kept or None


def receive_all(several: Sequence[Incoming]) -> None:
    """Store messages in their order, all or none of them."""
    with transaction.atomic():
        for incoming in several:
            receive(incoming)


def conversation_for(
    channel: str, address: str, *, language_hint: str = "", locked: bool = False
) -> Conversation:
    """The conversation of a contact; made on first contact.

    ``locked``, in a transaction: nobody changes it before that ends.
    """
    # Hardly anybody needs the address, and it would be decrypted for each message.
    known = Conversation.objects.defer("address")
    if locked:
        known = known.select_for_update(no_key=True)
    conversation, _ = known.get_or_create(
        address_hash=lookup_hash(channel, address),
        defaults={
            "channel": channel,
            "address": address,
            "language_hint": language_hint[:8],
            # Turns go to whoever was served longest ago. Without a moment somebody new would be
            # before everybody, and a script that is always somebody new the only one served.
            "worker_until": timezone.now() - rates.BUSY_FOR,
        },
    )
    return conversation


def _pressed(conversation_id: str, button: str) -> tuple[str, str, bool]:
    """Payload and title of a button that we issued in this conversation; else "expired".

    The id comes from outside and may be anything: only our own shape reaches the database.
    """
    if not button:
        return "", "", False
    known = BUTTON_ID.fullmatch(button)
    if known is None:
        return "", "", True
    issued = Message.objects.filter(
        token=known[1], conversation_id=conversation_id, direction=OUT
    ).first()
    buttons = (issued.payload or {}).get("buttons", []) if issued else []
    number = int(known[2])
    if number >= len(buttons):
        return "", "", True
    chosen = buttons[number]
    return str(chosen["payload"]), str(chosen["title"]), False


def taken_over(conversation_id: str) -> int:
    """A counsellor took the conversation: what waits for the assistant is theirs to read.

    Call it in the transaction that sets ``handled_by``. A turn already in hand is still written.
    """
    waiting = Message.objects.filter(
        conversation_id=conversation_id, direction=IN, state=State.WAITING
    )
    waiting.filter(kind__in=PLACES).update(payload=None)
    return waiting.exclude(kind__in=ALWAYS_FOR_ASSISTANT).update(
        state=State.DONE, settled_at=timezone.now()
    )


def block(channel: str, address: str) -> None:
    """The person blocked us: keep what is waiting, send nothing."""
    Conversation.objects.filter(address_hash=lookup_hash(channel, address)).update(
        blocked_at=timezone.now()
    )


def unblock(channel: str, address: str) -> None:
    """The person is back: what was kept is sent."""
    Conversation.objects.filter(address_hash=lookup_hash(channel, address)).update(blocked_at=None)
