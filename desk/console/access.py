"""Who may see what at the desk: every view names a permission here, every query begins here.

It fails closed: without a permission there is a page that says so, and a row outside these
query sets does not exist. Teams narrow the query sets, not the views: somebody in teams sees their
work and what belongs to no team, somebody without a team sees all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from desk import roles
from desk.console.log_in_again import to_log_in
from desk.models import Conversation, Counsellor, InformationRequest
from desk.sign_in import lacks_second_factor
from desk.teams import of_their_teams
from wegweiser import rulebase

View = Callable[..., HttpResponseBase]

SEEN_DANGER_STAYS = timedelta(days=7)
"""How long a conversation marked as danger can still be opened by the one who marked it seen."""


def needs(*permissions: str) -> Callable[[View], View]:
    """Only for somebody who is logged in and has one of these permissions."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refused = _refusal(request, permissions)
            return refused or _unkept(view(request, *args, **kwargs))

        cast(Any, guarded).permissions = permissions
        return guarded

    return decorate


def own_account(view: View) -> View:
    """For everybody who is logged in: their own account, whatever their role."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, AnonymousUser):
            return to_log_in(request)
        return _unkept(view(request, *args, **kwargs))

    cast(Any, guarded).permissions = ()
    return guarded


def _unkept(response: HttpResponseBase) -> HttpResponseBase:
    # What people write, and a secret, stay out of the cache of a shared computer.
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _refusal(request: HttpRequest, permissions: tuple[str, ...]) -> HttpResponse | None:
    user = request.user
    if isinstance(user, AnonymousUser):
        return to_log_in(request)
    if not any(user.has_perm(permission) for permission in permissions):
        raise PermissionDenied
    if lacks_second_factor(counsellor_of(request)):
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse("mfa_activate_totp"))
        return HttpResponseRedirect(reverse("mfa_activate_totp"))
    return None


def counsellor_of(request: HttpRequest) -> Counsellor:
    """The one who is logged in; only in views behind ``needs``."""
    return cast(Counsellor, request.user)


def requests_for(counsellor: Counsellor) -> QuerySet[InformationRequest]:
    """The requests that somebody may see: of their teams, and what they have taken."""
    if not counsellor.has_perm(roles.WORK_REQUESTS):
        return InformationRequest.objects.none()
    found = InformationRequest.objects.select_related("taken_by", "conversation__handled_by")
    theirs = of_their_teams(counsellor)
    return found.filter(theirs | Q(taken_by=counsellor)) if theirs else found


def conversations_for(counsellor: Counsellor) -> QuerySet[Conversation]:
    """The conversations that somebody may open: of people who asked for a person, or in danger.

    All others are between the person and the assistant. Who asked for a person is their team's;
    danger is everybody's, until somebody has seen it.
    """
    if not counsellor.has_perm(roles.WORK_CONVERSATIONS):
        return Conversation.objects.none()
    recently = timezone.now() - SEEN_DANGER_STAYS
    asked = Q(waiting_since__isnull=False) | Q(handled_by__isnull=False)
    return Conversation.objects.select_related(
        "handled_by", "danger_seen_by", "passed_on_by", "team"
    ).filter(
        (asked & of_their_teams(counsellor))
        | Q(handled_by=counsellor)
        | Q(danger_since__isnull=False, danger_seen_by__isnull=True)
        | Q(danger_since__gt=recently, danger_seen_by=counsellor)
    )


def request_or_404(counsellor: Counsellor, reference: str) -> InformationRequest:
    """One request that this counsellor may see.

    Raises:
        Http404: there is none, or it is not theirs to see; both look the same.
    """
    found = requests_for(counsellor).filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


def conversation_or_404(counsellor: Counsellor, conversation_id: str) -> Conversation:
    """One conversation that this counsellor may open.

    Raises:
        Http404: there is none, or it is not theirs to see; both look the same.
    """
    found = conversations_for(counsellor).filter(pk=conversation_id).first()
    if found is None:
        raise Http404
    return found


def content_problem(request: HttpRequest) -> dict[str, str]:
    """For every page of the desk: what is wrong with the programmes' files, if anything is."""
    user = getattr(request, "user", None)
    return {"content_problem": rulebase.problem() if user and user.is_authenticated else ""}
