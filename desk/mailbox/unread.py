"""What Telegram brought to the webhook's own process, until a bot has read it.

That process (``bot.webhook``) stores updates as they come and acknowledges them; here they are
read, in the order of their ids, and what they mean is written in the transaction that removes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from desk.mailbox import database
from desk.models import Conversation, Message, UnreadUpdate
from wegweiser.encryption import UnreadableText, decrypt_bytes

UNREAD = """
SELECT update_id, body, received_at FROM desk_unreadupdate WHERE update_id > %s
ORDER BY update_id LIMIT %s
"""
FORGET = "DELETE FROM desk_unreadupdate WHERE update_id = %s"
KEY = "tg:"


@dataclass(frozen=True)
class Unread:
    """One update. ``body`` is what Telegram sent; None when no key fits."""

    update_id: int
    body: bytes | None
    received_at: datetime


def unread_updates(after: int, most: int) -> list[Unread]:
    """The next updates behind ``after``, which is an id; -1 is before all of them."""
    rows = database.all_of(UNREAD, [after, most])
    return [
        Unread(int(update_id), _readable(body), database.moment_of(received_at))
        for update_id, body, received_at in rows
    ]


def _readable(stored: str) -> bytes | None:
    try:
        return decrypt_bytes(stored)
    except UnreadableText:
        return None


def read_updates(update_ids: Sequence[int], changes: Sequence[Callable[[], object]]) -> None:
    """Write what updates mean and remove them, all or nothing: a kill loses and doubles nothing."""
    with transaction.atomic():
        for change in changes:
            change()
        for update_id in update_ids:
            database.change(FORGET, [update_id])


def forget_unread(conversation: Conversation) -> None:
    """Erase what came before the wish to erase and could not be read, for want of its key.

    What came behind it waits like any other message: whoever writes again begins anew.
    """
    theirs = UnreadUpdate.objects.filter(address_hash=conversation.address_hash)
    in_hand = (
        conversation.messages.filter(direction=Message.Direction.IN, state=Message.State.WAITING)
        .order_by("id")
        .values_list("key", flat=True)
        .first()
    )
    wish = (in_hand or "").removeprefix(KEY)
    if wish.isdecimal():
        theirs = theirs.filter(pk__lt=int(wish))
    theirs.delete()
