"""One request under its lock: what every action on it checks, changes and writes down."""

from __future__ import annotations

from django.utils import timezone

from desk import roles, workflow
from desk.conversations import HeldByColleague
from desk.models import Counsellor, InformationRequest, RequestEvent

Kind = RequestEvent.Kind
State = InformationRequest.State


class NotPossible(Exception):
    """The request is in a state in which this makes no sense (it was withdrawn, closed ...)."""


def locked(request_id: int) -> InformationRequest:
    """The request, for this transaction alone.

    Of two counsellors the second waits here until the first one's change is written. Nothing is
    joined: PostgreSQL reads the locked row anew after waiting, but not the rows beside it, and
    whoever has taken the request meanwhile would not be seen.
    """
    return InformationRequest.objects.select_for_update().get(pk=request_id)


def take(request: InformationRequest, counsellor: Counsellor) -> None:
    """Make the request the counsellor's, if it is not."""
    if request.taken_by_id == counsellor.pk:
        return
    request.taken_by = counsellor
    if workflow.allows("take", request.state):
        request.state = workflow.step("take").to
    request.save(update_fields=["taken_by", "state"])
    note(request, Kind.TAKEN, counsellor)


def may_move(request: InformationRequest, counsellor: Counsellor) -> None:
    """Whether the counsellor may take it from whoever has it.

    Raises:
        HeldByColleague: they may not.
    """
    if not counsellor.has_perm(roles.MOVE_REQUESTS):
        must_not_be_others(request, counsellor)


def must_not_be_others(request: InformationRequest, counsellor: Counsellor) -> None:
    """Nobody else has the request. Holds for supervisors, too: they take it openly first.

    Raises:
        HeldByColleague: somebody else has it.
    """
    if request.taken_by is not None and request.taken_by_id != counsellor.pk:
        raise HeldByColleague(request.taken_by)


def must_allow(request: InformationRequest, step: str) -> None:
    """The workflow knows this step from the present state.

    Raises:
        NotPossible: it does not.
    """
    if not workflow.allows(step, request.state):
        raise NotPossible(request.state)


def move(request: InformationRequest, state: str, counsellor: Counsellor | None) -> None:
    """Set the state and write it into the timeline."""
    enter(request, state)
    note(request, Kind.STATE, counsellor)


def enter(request: InformationRequest, state: str) -> None:
    """Set the state, and since when nobody has to do anything about the request."""
    request.state = state
    if state in InformationRequest.OPEN_STATES:
        request.closed_at = None
    elif request.closed_at is None:
        request.closed_at = timezone.now()
    request.save(update_fields=["state", "closed_at"])


def note(
    request: InformationRequest, kind: str, counsellor: Counsellor | None, *, text: str = ""
) -> RequestEvent:
    """Write a line into the timeline."""
    return RequestEvent.objects.create(
        request=request, kind=kind, state=request.state, text=text, counsellor=counsellor
    )
