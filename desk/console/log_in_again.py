"""When a page outlives its log-in: nothing typed on it is lost, and no way ends in nothing.

The log-in of a counsellor ends after half a day, with a new password, or at another place. Pages
that were open then still send their forms: without a log-in, or with the token of an older one.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure
from django_htmx.http import HttpResponseClientRedirect

TYPED = ("text", "source", "summary", "text_", "question_")
"""Beginnings of the names of boxes for texts; a password is in none of them."""
DESK = "/desk/"


def to_log_in(request: HttpRequest) -> HttpResponse:
    """Nobody is logged in: the log-in form, and afterwards the page on which they were."""
    if request.headers.get("HX-Request"):
        # A piece of a page can't become the log-in form: send the whole page there.
        page = _page(request.headers.get("HX-Current-URL", ""), request)
        return HttpResponseClientRedirect(_log_in(page) if page else reverse("login"))
    if request.method == "GET":
        return redirect_to_login(request.get_full_path())
    back = _came_from(request)
    if typed := _typed(request):
        return _show(request, back=_log_in(back), typed=typed, logged_in=False)
    return redirect_to_login(back)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form does not carry the token of this log-in (Django's ``CSRF_FAILURE_VIEW``).

    A page from before the log-in looks like a form of another site. What is typed is shown only
    to whoever sent it from a page of ours.
    """
    if not request.path.startswith(DESK):
        return csrf_failure(request, reason)
    if request.headers.get("HX-Request"):
        page = _page(request.headers.get("HX-Current-URL", ""), request) or reverse("console")
        answer = HttpResponseClientRedirect(page)
        answer.status_code = 403
        return answer
    is_ours = _is_ours(request.headers.get("Origin", ""), request)
    typed = _typed(request) if is_ours else []
    return _show(request, back=_came_from(request), typed=typed, logged_in=True)


def _show(request: HttpRequest, *, back: str, typed: list[str], logged_in: bool) -> HttpResponse:
    context = {"back": back, "typed": typed, "logged_in": logged_in}
    response = render(request, "desk/console/log_in_again.html", context, status=403)
    response.headers["Cache-Control"] = "no-store"
    return response


def _typed(request: HttpRequest) -> list[str]:
    boxes = [(name, str(value)) for name, value in request.POST.items()]
    return [
        text
        for name, text in boxes
        if text.strip() and name.startswith(TYPED) and name != "source_language"
    ]


def _log_in(page: str) -> str:
    answer = redirect_to_login(page)
    assert isinstance(answer, HttpResponseRedirect)
    return answer.url


def _came_from(request: HttpRequest) -> str:
    """The page on which the form stood; the work list where that is not known."""
    return _page(request.headers.get("Referer", ""), request) or reverse("console")


def _page(address: str, request: HttpRequest) -> str:
    """The path of a page of ours that can be opened by its address; empty for any other."""
    if not address or not _is_ours(address, request):
        return ""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return ""
    name = match.url_name or ""
    # What was refused stands under the address of its form, which nobody can open.
    if name.startswith("request-") and name != "request-archive":
        return reverse("request", args=[match.kwargs["reference"]])
    if name.startswith("conversation-"):
        return reverse("conversation", args=[match.kwargs["conversation_id"]])
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _is_ours(address: str, request: HttpRequest) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()})
