"""Requests for information: the one place where a counsellor's actions on them are written.

Each ``do_*`` is one transaction: check, change, a line in the timeline, a message to the person
where there is one. Who may call it at all is decided before (``desk.console.access``); who holds
the request is decided here, under a lock, so two people can't answer at once.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from desk import roles
from desk.conversations import HeldByColleague
from desk.models import Counsellor, InformationRequest, Message, RequestEvent
from desk.outbox import ASK_MORE, HUMAN, Outgoing, composed_answer, language_of, send
from desk.search_index import index
from wegweiser.texts import response

Kind = RequestEvent.Kind
Reason = InformationRequest.Reason
State = InformationRequest.State

MAX_ANSWER = 3_500
"""Characters of one answer: with the line before it, it still is one Telegram message (4,096)."""


class NotPossible(Exception):
    """The request is in a state in which this makes no sense (it was withdrawn, closed ...)."""


def do_take(counsellor: Counsellor, request_id: int) -> InformationRequest:
    """The counsellor will work on it.

    Raises:
        HeldByColleague: a colleague has it, and the counsellor may not take it from them.
    """
    with transaction.atomic():
        request = _locked(request_id)
        _may_move(request, counsellor)
        _take(request, counsellor)
    return request


def do_release(counsellor: Counsellor, request_id: int) -> InformationRequest:
    """Give a request back, so that a colleague can take it.

    Raises:
        HeldByColleague: it is a colleague's, and the counsellor may not give it back for them.
    """
    with transaction.atomic():
        request = _locked(request_id)
        if request.taken_by is None:
            return request
        _may_move(request, counsellor)
        request.taken_by = None
        if request.state == State.TAKEN:
            request.state = State.RECEIVED
        request.save(update_fields=["taken_by", "state"])
        _note(request, Kind.RELEASED, counsellor)
    return request


def do_set_state(counsellor: Counsellor, request_id: int, state: str) -> InformationRequest:
    """Say where the work stands: taken, or with the country office.

    Raises:
        HeldByColleague, NotPossible.
    """
    with transaction.atomic():
        request = _locked(request_id)
        if state not in (State.TAKEN, State.WITH_COUNTRY_OFFICE):
            raise NotPossible(state)
        _must_be_open(request)
        _must_not_be_others(request, counsellor)
        _take(request, counsellor)
        if request.state != state:
            _move(request, counsellor, State(state))
    return request


def do_answer(
    counsellor: Counsellor, request_id: int, *, key: str, text: str
) -> tuple[InformationRequest, Message]:
    """Send the answer to the person; the same ``key`` twice is one answer.

    An answered or closed question may be answered again (a correction); a withdrawn one not.

    Raises:
        HeldByColleague, NotPossible.
    """
    with transaction.atomic():
        request = _locked(request_id)
        known = Message.objects.filter(key=key, request=request).first()
        if known is not None:
            return request, known
        if request.state == State.WITHDRAWN:
            raise NotPossible(request.state)
        _must_not_be_others(request, counsellor)
        _take(request, counsellor)
        message, _ = send(
            Outgoing(
                request.conversation,
                key,
                composed_answer(request, text),
                author=Message.Author.COUNSELLOR,
                counsellor=counsellor,
                request=request,
                buttons=(ASK_MORE, HUMAN),
            )
        )
        _note(request, Kind.ANSWER, counsellor, text=text)
        _move(request, counsellor, State.ANSWERED)
    return request, message


def do_decline(
    counsellor: Counsellor, request_id: int, *, reason: str, key: str
) -> InformationRequest:
    """Tell the person why the question can't be answered this way, in their language.

    Raises:
        HeldByColleague, NotPossible.
    """
    with transaction.atomic():
        request = _locked(request_id)
        if Message.objects.filter(key=key, request=request).exists():
            return request
        _must_be_open(request)
        _must_not_be_others(request, counsellor)
        _take(request, counsellor)
        text = response(
            language_of(request.conversation),
            f"utter_declined_{Reason(reason).value}",
            {"reference": request.reference},
        )
        send(
            Outgoing(
                request.conversation,
                key,
                text,
                author=Message.Author.COUNSELLOR,
                counsellor=counsellor,
                request=request,
                buttons=(HUMAN, ASK_MORE),
            )
        )
        request.declined_because = reason
        request.save(update_fields=["declined_because"])
        _move(request, counsellor, State.DECLINED)
    return request


def do_close(counsellor: Counsellor, request_id: int) -> InformationRequest:
    """The answered question is done; its texts are erased REQUEST_RETENTION_DAYS later.

    Raises:
        HeldByColleague.
        NotPossible: nobody has answered; a question is answered or declined, never just dropped.
    """
    with transaction.atomic():
        request = _locked(request_id)
        if request.state != State.ANSWERED:
            raise NotPossible(request.state)
        _must_not_be_others(request, counsellor)
        _move(request, counsellor, State.CLOSED)
    return request


def do_reopen(counsellor: Counsellor, request_id: int) -> InformationRequest:
    """Work on it again; a question that the person took back stays closed.

    Raises:
        HeldByColleague, NotPossible.
    """
    with transaction.atomic():
        request = _locked(request_id)
        if request.state in (*InformationRequest.OPEN_STATES, State.WITHDRAWN):
            raise NotPossible(request.state)
        _must_not_be_others(request, counsellor)
        _take(request, counsellor)
        request.declined_because = ""
        request.save(update_fields=["declined_because"])
        _move(request, counsellor, State.TAKEN)
    return request


def do_note(counsellor: Counsellor, request_id: int, text: str) -> RequestEvent:
    """Keep an internal note; the person never sees it."""
    with transaction.atomic():
        return _note(_locked(request_id), Kind.NOTE, counsellor, text=text)


def _locked(request_id: int) -> InformationRequest:
    # Of two counsellors the second waits here until the first one's change is written.
    return (
        InformationRequest.objects.select_for_update(of=("self",))
        .select_related("conversation", "taken_by")
        .get(pk=request_id)
    )


def _take(request: InformationRequest, counsellor: Counsellor) -> None:
    if request.taken_by_id == counsellor.pk:
        return
    request.taken_by = counsellor
    if request.state == State.RECEIVED:
        request.state = State.TAKEN
    request.save(update_fields=["taken_by", "state"])
    _note(request, Kind.TAKEN, counsellor)


def _may_move(request: InformationRequest, counsellor: Counsellor) -> None:
    if not counsellor.has_perm(roles.MOVE_REQUESTS):
        _must_not_be_others(request, counsellor)


def _must_not_be_others(request: InformationRequest, counsellor: Counsellor) -> None:
    # Holds for supervisors, too: they take a request openly before they answer it.
    if request.taken_by is not None and request.taken_by_id != counsellor.pk:
        raise HeldByColleague(request.taken_by)


def _must_be_open(request: InformationRequest) -> None:
    if request.state not in InformationRequest.OPEN_STATES:
        raise NotPossible(request.state)


def _move(request: InformationRequest, counsellor: Counsellor, state: State) -> None:
    request.state = state
    if state in InformationRequest.OPEN_STATES:
        request.closed_at = None
    elif request.closed_at is None:
        request.closed_at = timezone.now()
    request.save(update_fields=["state", "closed_at"])
    _note(request, Kind.STATE, counsellor)


def _note(
    request: InformationRequest, kind: RequestEvent.Kind, counsellor: Counsellor, *, text: str = ""
) -> RequestEvent:
    if text:
        index(request.pk, text)
    return RequestEvent.objects.create(
        request=request, kind=kind, state=request.state, text=text, counsellor=counsellor
    )
