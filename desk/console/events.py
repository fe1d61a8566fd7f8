"""The event stream of the desk's pages."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from desk import roles
from desk.console.access import conversations_for, requests_for
from desk.live import event_stream
from desk.models import Counsellor
from desk.sign_in import lacks_second_factor
from desk.watch import CONSOLE, THREAD


@require_GET
async def events(request: HttpRequest) -> HttpResponseBase:
    """``changed`` whenever the work list does, or the one request or conversation named.

    A session that has ended gets 204, which tells the browser not to come back.
    """
    topics = await sync_to_async(_topics)(request)
    if topics is None:
        return HttpResponse(status=204)
    return await event_stream(*topics)


events.permissions = (roles.WORK_REQUESTS, roles.WORK_CONVERSATIONS)  # type: ignore[attr-defined]


def _topics(request: HttpRequest) -> list[str] | None:
    user = request.user
    if not isinstance(user, Counsellor):
        return None
    if not (user.has_perm(roles.WORK_REQUESTS) or user.has_perm(roles.WORK_CONVERSATIONS)):
        raise PermissionDenied
    if lacks_second_factor(user):
        return None
    conversation = request.GET.get("conversation", "")
    if conversation and conversations_for(user).filter(pk=conversation).exists():
        return [f"{THREAD}{conversation}"]
    found = requests_for(user).filter(reference=request.GET.get("request", "")).first()
    if found is not None:
        return [f"{THREAD}{found.conversation_id}"]
    return [CONSOLE]
