"""Turns: one message is answered by one worker, and written whole or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from desk.mailbox import database
from desk.mailbox import statements as sql
from desk.mailbox.kinds import Answer, Counted, Learned, LostClaim, Turn
from desk.mailbox.memory import save_tracker
from desk.mailbox.rates import BUSY_FOR, REST_AFTER_SURPLUS, joined_with
from desk.mailbox.rows import NewMessage, add
from desk.models import Conversation, Message

TURN_LEASE = timedelta(seconds=15)
TURN_ATTEMPTS = 3
"""Tries of a message that raises, before it is set aside."""
TURN_CRASHES = 4
"""Crashes of the whole process with this message in hand, before it is set aside."""
TAKEN_BACK = "taken_back"
"""Stands as the error of a try that was before one that was taken back, so that it is not counted
as a crash again."""
RETRY_TURN_AFTER = (timedelta(seconds=0), timedelta(seconds=2))
BE_PATIENT_FOR = timedelta(seconds=60)
OUTAGE_TRIES = 20
"""How long a fault that is not the message's (no action server, no database) is waited out: a
minute from when it was written, and twenty tries, two seconds apart, however old it is. Else what
waited through a long night would be set aside by the first moment of an outage in the morning."""

IN, OUT = Message.Direction.IN, Message.Direction.OUT
State = Message.State


def claim_turn(worker: str, *, suspects: bool = True, busy: bool = True) -> Turn | None:
    """Take the oldest waiting message of a conversation that nobody holds; None when there is none.

    A conversation that a counsellor holds is the counsellor's but for what is the assistant's
    whoever holds it (to erase everything, to change the language), and one whose last turn failed
    waits as a whole, so order is kept and nobody else waits. Among the waiting, conversations
    that were served longest ago come first: somebody who writes a hundred messages delays
    nobody else. Somebody new counts as served just before they came (``inbox.conversation_for``).

    Args:
        worker: a name that no other claim uses at the same time.
        suspects: whether to take messages that were in hand when a process died. One task of a
            process takes them, so that a message that kills the process does not take the same
            innocent ones with it each time.
        busy: whether to take conversations that were answered within ``BUSY_FOR``, and what is
            surplus. While others write, too, a worker has one place for them: a flood does not
            take the others' time.
    """
    return database.claim_patiently(
        lambda wait_for: _claim(worker, suspects=suspects, busy=busy, wait_for=wait_for)
    )


def _claim(worker: str, *, suspects: bool, busy: bool, wait_for: str | None) -> Turn | None:
    now = timezone.now()
    calm = now - BUSY_FOR
    but = ("" if suspects else sql.NO_SUSPECTS) + ("" if busy else sql.ONLY_CALM)
    about = [calm, now] + ([] if busy else [calm])
    row = database.first_free(sql.NEXT_TURN, about, conversation=9, wait_for=wait_for, but=but)
    if row is None:
        return None
    message_id, kind, text, payload, attempts, crashed, crashes, surplus, *contact = row
    just_answered, conversation_id, channel, address, *last = contact
    language, language_hint, erased, external_id = last
    # The conditional update is the lock: of two workers, one changes the row.
    lease = [worker, now + TURN_LEASE, conversation_id, kind, now]
    if not database.change(sql.HOLD_FOR_TURN, lease):
        return None
    if erased and not attempts:
        _begin_anew(conversation_id, message_id)
    database.change(sql.COUNT_TRY, [message_id])
    # Tried again it is tried alone: what failed must not take the others with it.
    together = joined_with(message_id) if surplus and not attempts else None
    stored = database.value_of(payload)
    return Turn(
        worker=worker,
        message_id=message_id,
        conversation_id=conversation_id,
        channel=channel,
        kind=kind,
        text=database.text_of(text) if together is None else together.text,
        payload=str(stored.get("payload", "")),
        language=language,
        language_hint=language_hint,
        attempt=attempts + 1,
        address=database.text_of(address),
        external_id=external_id,
        nearest=tuple(map(str, stored.get("nearest", ()))),
        is_suspect=bool(crashed),
        # Tries while something else was down are no crashes, however many they were.
        is_poison=crashes + bool(crashed) >= TURN_CRASHES,
        is_busy=bool(just_answered or surplus),
        is_surplus=bool(surplus),
        joined=() if together is None else together.message_ids,
    )


def _begin_anew(conversation_id: str, message_id: int) -> None:
    """Somebody who had everything erased writes again: a new conversation under the old id.

    Without this the conversation would be removed with the confirmation of the erasure, and with
    it whatever the person asks now. What is left of the old one goes once it is settled.
    """
    old = Message.objects.filter(conversation_id=conversation_id, pk__lt=message_id)
    old.exclude(state__in=(State.WAITING, State.SENDING)).delete()
    Conversation.objects.filter(pk=conversation_id).update(erase_asked_at=None)


def undo_claim(worker: str) -> None:
    """Take back a claim: its try does not count, and the message waits as before.

    It may have been written although we did not hear of it: when the connection breaks during a
    commit nobody knows which of the two happened. Or the turn could not be written, because the
    database refused for longer than we tried.
    """
    held = Conversation.objects.filter(worker=worker)
    with transaction.atomic():
        oldest = (
            Message.objects.filter(conversation__in=held, direction=IN, state=State.WAITING)
            .order_by("id")
            .values_list("pk", flat=True)
            .first()
        )
        if oldest is not None:
            rows = Message.objects.filter(pk=oldest)
            rows.filter(attempts__gt=1, error="").update(error=TAKEN_BACK)
            rows.filter(attempts__gt=0).update(attempts=F("attempts") - 1)
        held.update(worker="", worker_until=timezone.now())


def release(conversation_id: str, worker: str) -> None:
    """Give a conversation back without an answer."""
    Conversation.objects.filter(pk=conversation_id, worker=worker).update(
        worker="", worker_until=timezone.now()
    )


def commit_turn(
    turn: Turn,
    answers: list[Answer],
    *,
    snapshot: Any | None = None,
    learned: Learned | None = None,
    counted: frozenset[Counted] = frozenset(),
) -> list[int]:
    """Write a whole turn at once: answers, Rasa's memory, what was learned, and "done".

    What is counted goes into the figures of the day in the same transaction, so a turn that is
    repeated after a crash counts once.

    Returns the ids of the outgoing rows. A turn whose conversation asked to be erased leaves no
    memory behind, only the confirmation that is still to be delivered.

    Raises:
        LostClaim: the lease had run out; nothing was written.
    """
    now = timezone.now()
    known = learned or Learned()
    with transaction.atomic():
        # Of an erased conversation only the language stays: the confirmation needs it.
        held = database.change_returning(
            sql.END_TURN,
            [
                now + REST_AFTER_SURPLUS if turn.is_surplus else now,
                known.language,
                known.host_country,
                known.country,
                known.topic,
                turn.conversation_id,
                turn.worker,
            ],
        )
        if held is None:
            raise LostClaim(turn.conversation_id)
        erased = held[0] is not None
        language = known.language or turn.language or turn.language_hint
        rows = [_row(turn, number, answer, language) for number, answer in enumerate(answers)]
        ids = [_added(row, now) for row in rows]
        if snapshot is not None and not erased:
            save_tracker(turn.conversation_id, snapshot)
        # Where somebody was is not kept after the answer; of an erased conversation nothing is.
        also = sql.WITHOUT_WORDS if erased else sql.WITHOUT_PAYLOAD if turn.nearest else ""
        for message_id in (turn.message_id, *turn.joined):
            database.change(sql.DONE.format(also=also), [now, message_id])
        _count(counted, language, known.host_country or "")
    return ids


def _added(row: NewMessage, now: datetime) -> int:
    """Whoever holds the conversation answers a message once, so the row can't be there yet."""
    message_id = add(row, now)
    if message_id is None:
        raise IntegrityError(f"There is an answer {row.key} already.")
    return message_id


def _count(counted: frozenset[Counted], language: str, host_country: str) -> None:
    # Sorted: two turns at once that count the same things must not wait for each other.
    for one in sorted(counted, key=lambda one: (one.kind, one.name)):
        database.change(
            sql.COUNT_ONE,
            [
                timezone.localdate(),
                one.kind[:16],
                one.name[:40],
                language[:8],
                host_country[:2],
            ],
        )


def _row(turn: Turn, number: int, answer: Answer, language: str) -> NewMessage:
    payload: Any = {}
    if answer.buttons:
        payload["buttons"] = [{"title": b.title, "payload": b.payload} for b in answer.buttons]
    if answer.data:
        payload["data"] = answer.data
    return NewMessage(
        key=f"{turn.message_id}:{number}",
        conversation_id=turn.conversation_id,
        direction=OUT,
        author=Message.Author.ASSISTANT,
        kind=answer.kind,
        text=answer.text,
        language=answer.language or language,
        payload=payload or None,
        answers_to=turn.message_id,
    )


def fail_turn(turn: Turn, error: str, *, not_its_fault: bool = False) -> bool:
    """A turn raised: try again a little later, or after three times set the message aside.

    Args:
        turn: the turn that failed.
        error: a short code for the desk and the log, never a text of the person.
        not_its_fault: something else is down (action server, database). That is waited out for
            a minute and twenty tries, since the next message would fail as well.

    Returns True when the message is to be set aside: the caller then commits an apology with
    ``set_aside``.
    """
    now = timezone.now()
    row = Message.objects.filter(pk=turn.message_id)
    row.update(error=error[:64] or "error")
    last = turn.attempt >= TURN_ATTEMPTS
    if last and not_its_fault:
        is_young = row.filter(created_at__gt=now - BE_PATIENT_FOR).exists()
        last = turn.attempt >= OUTAGE_TRIES and not is_young
    if not last:
        pause = RETRY_TURN_AFTER[min(turn.attempt, len(RETRY_TURN_AFTER)) - 1]
        Conversation.objects.filter(pk=turn.conversation_id, worker=turn.worker).update(
            worker="", worker_until=now + pause
        )
    return last


def set_aside(turn: Turn, apology: list[Answer]) -> list[int]:
    """Put a message that can't be answered aside, with an apology, and let the next one pass."""
    with transaction.atomic():
        ids = commit_turn(turn, apology)
        Message.objects.filter(pk=turn.message_id).update(state=State.SET_ASIDE)
    return ids
