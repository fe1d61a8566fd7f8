"""What is known of a row that was sent in part, or perhaps: the next attempt begins there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from desk.mailbox import database
from desk.mailbox import statements as sql
from desk.mailbox.kinds import Delivery, LostClaim
from desk.models import Message
from wegweiser.encryption import UnreadableText

DELIVERY_LEASE = timedelta(seconds=60)
INTERRUPTED = "interrupted"
ALWAYS_ONE_PART = 2048
"""Characters. Telegram takes 4,096 units in one message, and none of ours is more than two."""

State = Message.State


def record_part(delivery: Delivery, parts_sent: int, *, doubt: str = "") -> None:
    """Part of a long text has arrived, or perhaps: another attempt goes on behind it.

    The lease begins anew, for the next part may take as long again.

    Args:
        delivery: what is being sent.
        parts_sent: how many parts are not to be sent again.
        doubt: why the last of them may not have arrived; the whole row then ends as "unknown".

    Raises:
        LostClaim: the lease ran out and the row is another sender's; nothing was written.
    """
    _note(delivery, {"parts_sent": parts_sent} | ({"doubt": doubt} if doubt else {}))


def record_twice(delivery: Delivery, code: str) -> None:
    """It will be sent again although it may have been taken: a mark for when it arrives.

    Raises:
        LostClaim: the row is another sender's, and in doubt already; nothing was written.
    """
    _note(delivery, {"twice": code})


def _note(delivery: Delivery, known: dict[str, Any]) -> None:
    with transaction.atomic():
        # This is the lock as well: the conversation before its messages, everywhere.
        until = timezone.now() + DELIVERY_LEASE
        if not database.change(sql.HOLD_ON, [until, delivery.conversation_id, delivery.sender]):
            raise LostClaim
        row = Message.objects.select_for_update().filter(pk=delivery.message_id).first()
        if row is not None:
            row.payload = (row.payload or {}) | known
            row.save(update_fields=["payload"])


def mark_interrupted(conversation_id: str) -> int:
    """Rows left "sending" by a sender that died: it is unknown whether they arrived.

    Of a long text one part is in doubt, and the parts behind it were surely not sent: it waits
    again for these, and keeps its mark. Call it in the transaction that takes the conversation.

    Returns:
        How many rows are in doubt.
    """
    left = Message.objects.filter(
        conversation_id=conversation_id, direction=Message.Direction.OUT, state=State.SENDING
    )
    numbers = list(left.values_list("pk", flat=True))
    for number in numbers:
        row = left.filter(pk=number)
        if (payload := _of_the_rest(number)) is not None:
            Message.objects.filter(pk=number).update(payload=payload)
            row.update(state=State.WAITING, error=INTERRUPTED)
        else:
            row.update(state=State.UNKNOWN, error=INTERRUPTED, settled_at=timezone.now())
    return len(numbers)


def _of_the_rest(number: int) -> dict[str, Any] | None:
    """The payload with which a long text goes on; None for what is one message."""
    try:
        row = Message.objects.only("text", "payload").get(pk=number)
    except UnreadableText:
        return None
    # A part too many is none: the sender finds nothing left to send, and marks the row.
    if len(row.text) <= ALWAYS_ONE_PART:
        return None
    known: dict[str, Any] = row.payload or {}
    parts_sent = int(known.get("parts_sent", 0)) + 1
    return known | {"parts_sent": parts_sent, "doubt": INTERRUPTED}
