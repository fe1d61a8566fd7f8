"""Requests for information: who has one, and where the work on it stands.

Each ``do_*`` is one transaction: check, change, a line in the timeline, a message to the person
where there is one. Who may call it at all is decided before (``desk.console.access``); who holds
the request is decided here, under a lock, so two people can't answer at once; which step leads
where, in ``desk.workflow``. Answers are written in ``desk.answering``, dates in ``desk.promises``.
"""

from __future__ import annotations

from django.db import transaction

from desk import case, workflow
from desk.answering import MAX_ANSWER, do_answer, do_decline
from desk.case import NotPossible
from desk.models import Counsellor, Draft, InformationRequest, RequestEvent
from desk.promises import promise

__all__ = [
    "MAX_ANSWER",
    "NotPossible",
    "do_answer",
    "do_check",
    "do_close",
    "do_decline",
    "do_note",
    "do_release",
    "do_reopen",
    "do_set_state",
    "do_take",
]

Kind = RequestEvent.Kind
State = InformationRequest.State


def do_take(counsellor: Counsellor, request_id: int) -> InformationRequest:
    """The counsellor will work on it.

    Raises:
        HeldByColleague: a colleague has it, and the counsellor may not take it from them.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        case.may_move(request, counsellor)
        case.take(request, counsellor)
    return request


def do_release(counsellor: Counsellor, request_id: int) -> InformationRequest:
    """Give a request back, so that a colleague can take it.

    Raises:
        HeldByColleague: it is a colleague's, and the counsellor may not give it back for them.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        if request.taken_by is None:
            return request
        case.may_move(request, counsellor)
        request.taken_by = None
        if workflow.allows("release", request.state):
            request.state = workflow.step("release").to
        request.save(update_fields=["taken_by", "state"])
        case.note(request, Kind.RELEASED, counsellor)
    return request


def do_set_state(counsellor: Counsellor, request_id: int, state: str) -> InformationRequest:
    """Say where the work stands: taken, with the country office, or its answer received.

    Raises:
        HeldByColleague, NotPossible.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        case.must_not_be_others(request, counsellor)
        if request.state == state and request.is_open:
            return request
        if request.state == State.RECEIVED:
            case.take(request, counsellor)
        step = workflow.by_hand(request.state, state)
        if step is None and request.state != state:
            raise NotPossible(request.state)
        case.take(request, counsellor)
        if step is not None:
            case.move(request, step.to, counsellor)
    return request


def do_check(counsellor: Counsellor, request_id: int) -> InformationRequest:
    """Somebody has read the answer and finds it right; it may be another than who wrote it.

    Raises:
        NotPossible: there is nothing written to be checked, or it is checked or sent already.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        case.must_allow(request, "check")
        if not Draft.objects.filter(request=request, sent=False).exclude(text="").exists():
            raise NotPossible(request.state)
        case.move(request, workflow.step("check").to, counsellor)
    return request


def do_close(counsellor: Counsellor, request_id: int) -> InformationRequest:
    """The answered question is done; its texts are erased REQUEST_RETENTION_DAYS later.

    Raises:
        HeldByColleague.
        NotPossible: nobody has answered; a question is answered or declined, never just dropped.
    """
    return _step(counsellor, request_id, "close")


def do_reopen(counsellor: Counsellor, request_id: int) -> InformationRequest:
    """Work on it again; a question that the person took back stays closed.

    Raises:
        HeldByColleague, NotPossible.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        case.must_allow(request, "reopen")
        case.must_not_be_others(request, counsellor)
        case.take(request, counsellor)
        request.declined_because = ""
        request.promised_on = max(request.promised_on, promise(request.host_country))
        request.save(update_fields=["declined_because", "promised_on"])
        case.move(request, workflow.step("reopen").to, counsellor)
    return request


def do_note(counsellor: Counsellor, request_id: int, text: str) -> RequestEvent:
    """Keep an internal note; the person never sees it."""
    with transaction.atomic():
        return case.note(case.locked(request_id), Kind.NOTE, counsellor, text=text)


def _step(counsellor: Counsellor, request_id: int, name: str) -> InformationRequest:
    with transaction.atomic():
        request = case.locked(request_id)
        case.must_allow(request, name)
        case.must_not_be_others(request, counsellor)
        case.move(request, workflow.step(name).to, counsellor)
    return request
