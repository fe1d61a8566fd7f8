"""Out: one message is sent by one sender, in order, and never again unless it surely failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from desk.mailbox import database
from desk.mailbox import statements as sql
from desk.mailbox.answers import answer_settled
from desk.mailbox.in_doubt import DELIVERY_LEASE, INTERRUPTED, mark_interrupted
from desk.mailbox.kinds import Delivery, Outcome, TooFast
from desk.mailbox.pace import take_slot
from desk.models import Conversation, Message

GIVE_UP_DELIVERY_AFTER = timedelta(hours=24)
GIVE_UP_ATTEMPTS = 250
"""About a day of trying every five minutes: a row that was merely old is not given up on."""
LONGEST_PAUSE = timedelta(minutes=5)

IN, OUT = Message.Direction.IN, Message.Direction.OUT
State = Message.State


def claim_delivery(
    sender: str, channel: str, *, per_second: float | None = None
) -> Delivery | None:
    """Take the oldest waiting answer of a conversation that nobody is sending to.

    Among several, the conversation that was sent to longest ago is first, as for turns.

    The row is marked "sending" before it is sent: one that is found so after a crash may have
    arrived, and ``mark_interrupted`` says so instead of sending it twice.

    Args:
        sender: a name that no other claim uses at the same time.
        channel: where to send.
        per_second: the pace that all senders of all processes keep together.

    Raises:
        TooFast: something waits, but nobody may send now; nothing was claimed.
    """

    def claim(wait_for: str | None) -> Delivery | None:
        now = timezone.now()
        about = [now, channel, now]
        row = database.first_free(sql.NEXT_CONVERSATION, about, conversation=6, wait_for=wait_for)
        if row is None:
            return None
        conversation_id, dead_sender = row[6], row[10]
        until = now + DELIVERY_LEASE
        if not database.change(sql.HOLD_FOR_DELIVERY, [sender, until, conversation_id, now]):
            return None
        if dead_sender and mark_interrupted(conversation_id):
            # The rest of a long text comes before what we found.
            row = database.first(sql.NEXT_ROW, [now, conversation_id, sender]) or row
        delivery = _begin(sender, row)
        if delivery is None:
            release_delivery(sender, conversation_id)
            return None
        take_slot(channel, per_second)
        return delivery

    return database.claim_patiently(claim)


def next_delivery(
    sender: str, conversation_id: str, *, per_second: float | None = None
) -> Delivery | None:
    """The next answer of a conversation this sender holds; gives it back when there is none.

    Raises:
        TooFast: there is one, but nobody may send now; the conversation is still held.
    """
    now = timezone.now()
    with transaction.atomic():
        _lock(conversation_id)
        row = database.first(sql.NEXT_ROW, [now, conversation_id, sender])
        delivery = None if row is None else _begin(sender, row)
        if delivery is not None:
            database.change(sql.HOLD_ON, [now + DELIVERY_LEASE, conversation_id, sender])
            take_slot(delivery.channel, per_second)
            return delivery
        held = database.change_returning(sql.LET_GO, [timezone.now(), conversation_id, sender])
        if held is not None and held[0] is not None:
            finish_erasure(conversation_id)
    return None


def settle_and_go_on(
    delivery: Delivery,
    outcome: Outcome,
    *,
    external_id: str = "",
    error: str = "",
    per_second: float | None = None,
) -> Delivery | None:
    """Settle, and take the conversation's next answer, in one transaction.

    None when there is no next one, or when it is not to be sent yet; the conversation is then
    free for the next ``claim_delivery``.
    """
    with transaction.atomic():
        settle(delivery, outcome, external_id=external_id, error=error)
        try:
            return next_delivery(delivery.sender, delivery.conversation_id, per_second=per_second)
        except TooFast:
            release_delivery(delivery.sender, delivery.conversation_id)
            return None


def take_back(sender: str, *, but: int | None = None) -> None:
    """What this sender claimed without hearing of it waits again; it was surely not begun.

    When the connection breaks during a commit nobody knows which of the two happened. A sender
    sends one message at a time, so whatever else is "sending" under its name was never sent.

    Args:
        sender: the name of the claim.
        but: the message that it really was sending; with it the conversation stays held.
    """
    held = Conversation.objects.filter(sender=sender)
    with transaction.atomic():
        unheard = Message.objects.filter(
            conversation__in=list(held.select_for_update().values_list("pk", flat=True)),
            direction=OUT,
            state=State.SENDING,
            attempts__gt=0,
        )
        if but is not None:
            unheard = unheard.exclude(pk=but)
        unheard.update(state=State.WAITING, attempts=F("attempts") - 1)
        if but is None:
            held.update(sender="", sender_until=None)


def _lock(conversation_id: str) -> None:
    """The conversation before its messages, everywhere: two who lock in one order never deadlock.

    And whoever has the lock is not "passed over" by their own next statement.
    """
    if connection.features.has_select_for_update:
        locked = Conversation.objects.select_for_update(no_key=True).filter(pk=conversation_id)
        locked.values_list("pk").first()


def _begin(sender: str, row: Sequence[Any]) -> Delivery | None:
    message_id, kind, text, payload, attempts, token, conversation_id, *contact = row
    channel, address, language, _ = contact
    if not database.change(sql.BEGIN_SENDING, [message_id]):
        return None  # taken back between finding and beginning
    stored = database.value_of(payload)
    return Delivery(
        sender=sender,
        message_id=message_id,
        conversation_id=conversation_id,
        channel=channel,
        address=database.text_of(address),
        language=language,
        text=database.text_of(text),
        buttons=tuple(
            (f"{token}:{number}", str(button["title"]))
            for number, button in enumerate(stored.get("buttons", []))
        ),
        kind=kind,
        data=dict(stored.get("data", {})),
        attempt=attempts + 1,
        parts_sent=int(stored.get("parts_sent", 0)),
        doubt=str(stored.get("doubt", "")),
        twice=str(stored.get("twice", "")),
    )


def release_delivery(sender: str, conversation_id: str) -> None:
    """Give a conversation back with rows left to send; those that waited longer come first."""
    Conversation.objects.filter(pk=conversation_id, sender=sender).update(
        sender="", sender_until=timezone.now()
    )


def pause_before_retry(attempt: int) -> timedelta:
    """1, 2, 4 ... seconds, five minutes at most."""
    return min(timedelta(seconds=2 ** min(attempt - 1, 16)), LONGEST_PAUSE)


def settle(
    delivery: Delivery,
    outcome: Outcome,
    *,
    external_id: str = "",
    error: str = "",
    retry_after: timedelta | None = None,
) -> None:
    """Write how an attempt to send ended; the conversation stays claimed for the next row.

    RETRY keeps the row first in line and lets the conversation rest for ``retry_after`` (growing
    pauses without it); after 24 hours of trying it fails. BLOCKED keeps everything until the
    person writes again. An outcome of a sender that lost its lease still stands, since it is
    what happened, but it changes no claim.
    """
    now = timezone.now()
    with transaction.atomic():
        _lock(delivery.conversation_id)
        if outcome is Outcome.SENT:
            database.change(sql.SENT, [external_id[:32], error[:64], now, delivery.message_id])
            _tell_request(delivery)
            return
        row = Message.objects.filter(pk=delivery.message_id)
        held = Conversation.objects.filter(pk=delivery.conversation_id, sender=delivery.sender)
        # Only what is still this attempt's: another sender may have tried and settled it since.
        # What was found after our lease had ended, and so marked, is: we know how it ended.
        presumed = Q(state=State.UNKNOWN, error=INTERRUPTED, resent_as__isnull=True)
        row = row.filter(Q(state=State.SENDING) | presumed, attempts=delivery.attempt)
        if outcome is Outcome.UNKNOWN:
            row.update(state=State.UNKNOWN, error=error[:64], settled_at=now)
        elif outcome is Outcome.REFUSED:
            row.update(state=State.FAILED, error=error[:64], settled_at=now)
        elif outcome is Outcome.BLOCKED:
            row.update(state=State.WAITING, error="blocked")
            held.update(blocked_at=now, sender="", sender_until=None)
        elif row.filter(
            created_at__lt=now - GIVE_UP_DELIVERY_AFTER, attempts__gte=GIVE_UP_ATTEMPTS
        ).exists():
            row.update(state=State.FAILED, error=error[:64] or "gave up", settled_at=now)
        else:
            pause = pause_before_retry(delivery.attempt) if retry_after is None else retry_after
            row.update(state=State.WAITING, error=error[:64])
            held.update(sender="", sender_until=now + pause)
        _tell_request(delivery)


def _tell_request(delivery: Delivery) -> None:
    if delivery.kind == Message.KIND_ANSWER:
        answer_settled(delivery.message_id)


def finish_erasure(conversation_id: str) -> None:
    """Once the confirmation is delivered nothing of an erased conversation remains.

    A message that the person wrote after the confirmation keeps the (emptied) conversation alive:
    it is a new beginning, not a leftover.
    """
    gone = Conversation.objects.filter(pk=conversation_id, erase_asked_at__isnull=False)
    if not gone.exists():
        return
    if Message.objects.filter(
        conversation_id=conversation_id, direction=IN, state=State.WAITING
    ).exists():
        return
    gone.delete()
