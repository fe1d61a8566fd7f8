"""The picture of the steps of a return, for the chat page."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from wegweiser.pictures import NAME, steps_name, steps_picture
from wegweiser.texts import languages

FOR_A_YEAR = "public, max-age=31536000, immutable"
"""The name changes with the picture."""


@require_GET
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """The picture of one language; drawn now when nobody has asked for it before."""
    known = NAME.fullmatch(name)
    if known is None or known[1] not in {one.code for one in languages()}:
        raise Http404
    # One of earlier words is not drawn again.
    if name != steps_name(known[1]):
        raise Http404
    response = FileResponse(steps_picture(known[1]).path.open("rb"), content_type="image/png")
    response["Cache-Control"] = FOR_A_YEAR
    return response
