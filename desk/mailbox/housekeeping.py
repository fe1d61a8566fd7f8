"""What an operator, a health check and a starting process ask of the mailbox."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from desk.mailbox import database
from desk.mailbox import statements as sql
from desk.mailbox.deliveries import GIVE_UP_DELIVERY_AFTER
from desk.mailbox.in_doubt import mark_interrupted
from desk.models import Conversation, Lease, Message

State = Message.State
HadBegun = Callable[[str, int, int, int], bool]
"""(name of the sender, message id, attempt, number of the part)."""


def backlog() -> dict[str, int]:
    """How many messages are still to be answered and to be sent, and the age of the oldest.

    Ages are whole seconds, 0 when nothing waits. An update that no bot has read yet waits to be
    answered, whatever it turns out to be. What waits for somebody who blocked us, or for a
    page of the web chat that is not open, waits for the person and not for us.
    """
    now = timezone.now()
    found = {"in": 0, "oldest_in_s": 0, "out": 0, "oldest_out_s": 0}
    for way, number, oldest in database.all_of(sql.BACKLOG, []):
        age = now - database.moment_of(oldest)
        found[way] += number
        found[f"oldest_{way}_s"] = max(found[f"oldest_{way}_s"], int(age.total_seconds()))
    return found


def sending() -> int:
    """How many messages are on their way at this moment."""
    recently = timezone.now() - GIVE_UP_DELIVERY_AFTER
    return Message.objects.filter(state=State.SENDING, created_at__gt=recently).count()


def free_leases_of(
    is_dead: Callable[[str], bool],
    had_begun: HadBegun = lambda owner, message_id, attempt, part: True,
) -> int:
    """End the leases of workers and senders that are known to be dead; returns how many.

    After ``kill -9`` the next process need not wait until the leases end. A wrong guess costs
    nothing but work: ``commit_turn`` writes only for the worker that holds the conversation.

    Args:
        is_dead: whether the process with this name runs no more.
        had_begun: whether that sender had begun to send a part of a message at an attempt. What
            it surely had not waits again; the rest is "unknown".
    """
    now = timezone.now()
    freed = 0
    for name in ("worker", "sender"):
        held = Conversation.objects.filter(**{f"{name}_until__gt": now}).exclude(**{name: ""})
        for owner in set(held.values_list(name, flat=True)):
            if is_dead(owner):
                if name == "sender":
                    _take_back(owner, had_begun)
                freed += held.filter(**{name: owner}).update(**{f"{name}_until": now})
    running = Lease.objects.filter(until__gt=now).exclude(holder="")
    for holder in running.values_list("holder", flat=True):
        if is_dead(holder):
            freed += running.filter(holder=holder).update(holder="", until=now)
    mark_abandoned()
    return freed


def _take_back(owner: str, had_begun: HadBegun) -> None:
    sending = Message.objects.filter(
        conversation__sender=owner, direction=Message.Direction.OUT, state=State.SENDING
    )
    for row in list(sending):
        part = int((row.payload or {}).get("parts_sent", 0))
        if not had_begun(owner, row.pk, row.attempts, part):
            sending.filter(pk=row.pk).update(state=State.WAITING)


def mark_abandoned() -> int:
    """Mark what a dead sender was sending, also where nothing else waits to be sent.

    Call it now and then. Returns the number of rows of which it is unknown whether they arrived.
    """
    now = timezone.now()
    dead = Conversation.objects.filter(sender_until__lte=now).exclude(sender="")
    marked = 0
    for conversation_id, sender in dead.values_list("pk", "sender"):
        with transaction.atomic():
            # The condition again: another process may have claimed it since.
            if dead.filter(pk=conversation_id, sender=sender).update(sender=""):
                marked += mark_interrupted(conversation_id)
    return marked
