"""Requests are given to a colleague or a team: the one place where that is written."""

from __future__ import annotations

from django.db import transaction

from desk import case
from desk.case import NotPossible
from desk.models import Counsellor, InformationRequest, RequestEvent, Team

State = InformationRequest.State


def do_move(
    counsellor: Counsellor,
    request_id: int,
    *,
    to: Counsellor | None = None,
    team: Team | None = None,
) -> InformationRequest:
    """Give an open request to a colleague, or to a team in which anybody may take it.

    Whether the counsellor may do this is decided before; the same again changes nothing.

    Raises:
        NotPossible: it is closed.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        if not request.is_open:
            raise NotPossible(request.state)
        if to is not None:
            team = team or _team_for(request, to)
        if (request.taken_by, request.team) == (to, team):
            return request
        request.taken_by, request.team = to, team
        if to is not None and request.state == State.RECEIVED:
            request.state = State.TAKEN
        elif to is None and request.state == State.TAKEN:
            request.state = State.RECEIVED
        request.save(update_fields=["taken_by", "team", "state"])
        event = case.note(request, RequestEvent.Kind.MOVED, counsellor)
        event.to_counsellor, event.to_team = to, team
        event.save(update_fields=["to_counsellor", "to_team"])
    return request


def _team_for(request: InformationRequest, colleague: Counsellor) -> Team | None:
    """The team of a request that a colleague gets: one of theirs, for they must be able to see it.

    A colleague without a team sees the work of all.
    """
    theirs = list(colleague.teams.all())
    if not theirs or request.team in theirs:
        return request.team
    return theirs[0]
