"""Answering a request: sending, declining, undoing, sending again.

What is sent is a row that may not be delivered before ``UNDO_FOR`` has passed; until then it can
be taken back. Each ``do_*`` is one transaction under the lock of the request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from desk import case, workflow
from desk.models import Counsellor, Draft, InformationRequest, Message, RequestEvent
from desk.outbox import ASK_MORE, HUMAN, Outgoing, composed_answer, language_of, send, send_again
from wegweiser.texts import response

Kind = RequestEvent.Kind
Reason = InformationRequest.Reason
State = InformationRequest.State

MAX_ANSWER = 3_500
"""Characters of one answer: with the line before it, it still is one Telegram message (4,096)."""
UNDO_FOR = timedelta(seconds=10)
"""How long a sent answer can be taken back."""


class Overtaken(Exception):
    """Something happened that the counsellor has not seen: it is shown before anything is sent."""

    def __init__(self, events: Sequence[RequestEvent], draft: Draft | None = None) -> None:
        super().__init__(len(events))
        self.events = events
        self.draft = draft


class TooLate(Exception):
    """The answer is on its way; it can no longer be taken back."""


@dataclass(frozen=True)
class Seen:
    """What stood on the page of whoever sends: the last line of the timeline, and the draft."""

    event: int
    draft_version: int | None = None


def do_answer(
    counsellor: Counsellor, request_id: int, *, key: str, text: str, seen: Seen | None = None
) -> tuple[InformationRequest, Message]:
    """Send the answer to the person; the same ``key`` twice is one answer.

    An answered or closed question may be answered again (a correction); a withdrawn one not.

    Raises:
        HeldByColleague, NotPossible.
        Overtaken: the person or a colleague did something that ``seen`` does not know.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        known = Message.objects.filter(key=key, request=request).first()
        if known is not None:
            return request, known
        case.must_allow(request, "send")
        case.must_not_be_others(request, counsellor)
        draft = Draft.objects.filter(request=request).first()
        if seen is not None:
            _must_have_seen(request, counsellor, seen, draft, text)
        case.take(request, counsellor)
        # Also when it was edited since: until somebody says that they have checked it.
        by_machine = draft is not None and not draft.sent and draft.is_unchecked_machine
        message, _ = send(
            Outgoing(
                request.conversation,
                key,
                composed_answer(request, text, by_machine=by_machine),
                kind=Message.KIND_ANSWER,
                author=Message.Author.COUNSELLOR,
                counsellor=counsellor,
                request=request,
                buttons=(ASK_MORE, HUMAN),
                send_after=timezone.now() + UNDO_FOR,
            )
        )
        _keep_as_sent(request, counsellor, text)
        case.note(request, Kind.ANSWER, counsellor, text=text)
        case.move(request, workflow.step("send").to, counsellor)
    return request, message


def news_for(request: InformationRequest, counsellor: Counsellor, seen: int) -> list[RequestEvent]:
    """What others did with the request after the line ``seen`` of its timeline."""
    later = request.events.filter(pk__gt=seen).exclude(counsellor=counsellor)
    return list(later.select_related("counsellor"))


def _must_have_seen(
    request: InformationRequest,
    counsellor: Counsellor,
    seen: Seen,
    draft: Draft | None,
    text: str,
) -> None:
    events = news_for(request, counsellor, seen.event)
    others = None
    if (
        draft is not None
        and seen.draft_version is not None
        and draft.version > seen.draft_version
        and draft.changed_by_id != counsellor.pk
        and not draft.sent
        and draft.text not in ("", text)
    ):
        others = draft
    if events or others:
        raise Overtaken(events, others)


def _keep_as_sent(request: InformationRequest, counsellor: Counsellor, text: str) -> None:
    """The draft is done with; it comes back when sending is undone."""
    draft, _ = Draft.objects.get_or_create(request=request)
    draft.text, draft.sent, draft.changed_by = text, True, counsellor
    draft.version += 1
    draft.save()


def do_decline(
    counsellor: Counsellor, request_id: int, *, reason: str, key: str
) -> InformationRequest:
    """Tell the person why the question can't be answered this way, in their language.

    Raises:
        HeldByColleague, NotPossible.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        if Message.objects.filter(key=key, request=request).exists():
            return request
        case.must_allow(request, "decline")
        case.must_not_be_others(request, counsellor)
        case.take(request, counsellor)
        step = workflow.step("decline")
        text = response(
            language_of(request.conversation),
            f"{step.tells}{Reason(reason).value}",
            {"reference": request.reference},
        )
        send(
            Outgoing(
                request.conversation,
                key,
                text,
                kind=Message.KIND_ANSWER,
                author=Message.Author.COUNSELLOR,
                counsellor=counsellor,
                request=request,
                buttons=(HUMAN, ASK_MORE),
                send_after=timezone.now() + UNDO_FOR,
            )
        )
        request.declined_because = reason
        request.save(update_fields=["declined_because"])
        case.move(request, step.to, counsellor)
    return request


def undo_until(request: InformationRequest) -> datetime | None:
    """Until when what was just sent can be taken back; None when it can't."""
    held = _held_back(request).order_by("-pk").first()
    return held.send_after if held else None


def do_undo(counsellor: Counsellor, request_id: int) -> InformationRequest:
    """Take back what was just sent: all its messages, before the first is delivered.

    The request is in the state it was in before, and the text is a draft again.

    Raises:
        HeldByColleague.
        TooLate: it is being delivered; nothing is changed.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        case.must_not_be_others(request, counsellor)
        parts = _just_sent(request).count()
        # The sender may be at it at this very moment: who changes a row first has it.
        taken_back = _held_back(request).update(
            state=Message.State.WITHDRAWN, error="undone", settled_at=timezone.now()
        )
        if not parts or taken_back != parts:
            raise TooLate(request.pk)
        Draft.objects.filter(request=request, sent=True).update(sent=False)
        if request.state in (State.SENT, State.DECLINED):
            request.declined_because = ""
            request.save(update_fields=["declined_because"])
            case.enter(request, _state_before_sending(request))
        case.note(request, Kind.UNDONE, counsellor)
    return request


def _just_sent(request: InformationRequest) -> QuerySet[Message]:
    rows = request.answers.filter(kind=Message.KIND_ANSWER, send_after__gt=timezone.now())
    return rows.exclude(state=Message.State.WITHDRAWN)


def _held_back(request: InformationRequest) -> QuerySet[Message]:
    return _just_sent(request).filter(state=Message.State.WAITING)


def _state_before_sending(request: InformationRequest) -> str:
    """The state that the line before "sent" or "declined" in the timeline has."""
    states = request.events.exclude(state="").order_by("-pk").values_list("kind", "state")
    before = iter(states)
    for kind, state in before:
        if kind == Kind.STATE and state == request.state:
            return next(before, (kind, State.TAKEN))[1]
    return State.TAKEN


def do_resend(counsellor: Counsellor, request_id: int, message_id: int) -> Message:
    """Send again what did not arrive, or perhaps did not; pressed twice, it is sent once.

    Raises:
        HeldByColleague.
        NotPossible: it arrived, is still being tried, was sent again already, or the question
            was withdrawn.
        Message.DoesNotExist: no message of this request.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        row = request.answers.select_related("conversation", "resent_as").get(pk=message_id)
        case.must_not_be_others(request, counsellor)
        if request.state == State.WITHDRAWN:
            raise case.NotPossible(request.state)
        again, is_new = send_again(row, counsellor)
        if again is None:
            raise case.NotPossible(row.state)
        if is_new:
            case.take(request, counsellor)
            case.note(request, Kind.RESENT, counsellor)
            if again.kind == Message.KIND_ANSWER and workflow.allows("resend", request.state):
                case.move(request, workflow.step("resend").to, counsellor)
    return again
