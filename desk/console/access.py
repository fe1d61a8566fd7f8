"""Who may see what at the desk: every view names a permission here, every query begins here.

It fails closed: without a permission there is a page that says so, and a row outside these
query sets does not exist. Teams will narrow the query sets, not the views.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from desk import roles
from desk.models import Conversation, Counsellor, InformationRequest
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
            if refused is not None:
                return refused
            response = view(request, *args, **kwargs)
            # What people write stays out of the cache of a shared computer.
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        cast(Any, guarded).permissions = permissions
        return guarded

    return decorate


def _refusal(request: HttpRequest, permissions: tuple[str, ...]) -> HttpResponse | None:
    user = request.user
    if isinstance(user, AnonymousUser):
        if request.headers.get("HX-Request"):
            # A piece of a page can't become the log-in form: send the whole page there.
            return HttpResponseClientRedirect(reverse("login"))
        return redirect_to_login(request.get_full_path())
    if not any(user.has_perm(permission) for permission in permissions):
        raise PermissionDenied
    return None


def counsellor_of(request: HttpRequest) -> Counsellor:
    """The one who is logged in; only in views behind ``needs``."""
    return cast(Counsellor, request.user)


def requests_for(counsellor: Counsellor) -> QuerySet[InformationRequest]:
    """The requests that somebody may see."""
    if not counsellor.has_perm(roles.WORK_REQUESTS):
        return InformationRequest.objects.none()
    return InformationRequest.objects.select_related("taken_by", "conversation__handled_by")


def conversations_for(counsellor: Counsellor) -> QuerySet[Conversation]:
    """The conversations that somebody may open: of people who asked for a person, or in danger.

    All others are between the person and the assistant.
    """
    if not counsellor.has_perm(roles.WORK_CONVERSATIONS):
        return Conversation.objects.none()
    recently = timezone.now() - SEEN_DANGER_STAYS
    return Conversation.objects.select_related("handled_by", "danger_seen_by").filter(
        Q(waiting_since__isnull=False)
        | Q(handled_by__isnull=False)
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
