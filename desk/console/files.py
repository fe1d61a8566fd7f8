"""Files that people sent, for the counsellors who may open their request or conversation."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from desk import roles
from desk.console.access import conversations_for, counsellor_of, needs, requests_for
from desk.models import Conversation, Counsellor, DeskEvent, InformationRequest, StoredFile

For = StoredFile.For

EXTENSIONS = {
    "image/jpeg": "jpg",
    "application/pdf": "pdf",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
}
"""What is given out at all; the types are those found in the bytes (``desk.file_types``)."""
INLINE = ("audio/ogg", "audio/mpeg", "audio/mp4")
"""Played on the page. A PDF may hold anything, so it is only ever a download, and so is a photo."""
POLICY = "sandbox; default-src 'none'; media-src 'self'; frame-ancestors 'none'"


def files_of_request(request: InformationRequest) -> QuerySet[StoredFile]:
    """The files that the person sent with a request."""
    return request.files.filter(goes_to=For.REQUEST)


def files_of_talk(conversation: Conversation) -> QuerySet[StoredFile]:
    """The files that the person showed to whoever talks with them."""
    return conversation.files.filter(goes_to=For.TALK)


def files_for(counsellor: Counsellor) -> QuerySet[StoredFile]:
    """The kept files that somebody may fetch: of requests and conversations they may open."""
    return StoredFile.objects.filter(state=StoredFile.State.KEPT).filter(
        Q(goes_to=For.REQUEST, request__in=requests_for(counsellor))
        | Q(goes_to=For.TALK, conversation__in=conversations_for(counsellor))
    )


@require_GET
@needs(roles.WORK_REQUESTS, roles.WORK_CONVERSATIONS)
def download(request: HttpRequest, file_id: str) -> HttpResponse:
    """One file; each fetch is a line of the desk's log."""
    counsellor = counsellor_of(request)
    found = files_for(counsellor).select_related("content", "request").filter(pk=file_id).first()
    if found is None or found.media_type not in EXTENSIONS:
        raise Http404
    DeskEvent.objects.create(
        kind=DeskEvent.Kind.FETCHED_FILE,
        counsellor=counsellor,
        conversation_id=found.conversation_id,
        request=found.request,
    )
    how = "inline" if found.media_type in INLINE else "attachment"
    # A name of ours: the person's own may say who they are.
    day = timezone.localtime(found.created_at).strftime("%Y-%m-%d")
    name = f"{found.kind}-{day}-{found.pk[:6]}.{EXTENSIONS[found.media_type]}"
    return HttpResponse(
        found.content.content,
        headers={
            "Content-Type": found.media_type,
            "Content-Disposition": f'{how}; filename="{name}"',
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )
