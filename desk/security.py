"""Headers that keep a page from loading or sending anything that is not ours."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the small drawings inside Bootstrap's style sheet
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",  # a voice message, at the desk
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class ContentSecurityPolicy:
    """Sets the policy on every answer.

    Synchronous on purpose, and the last in the list: so all of the middleware runs in the one
    thread that the request has, instead of changing between thread and event loop at each layer.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # A file that a person sent comes with a stricter one.
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response
