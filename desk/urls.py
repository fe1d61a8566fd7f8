"""The desk's addresses: the chat page for people, the console for counsellors."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView


def health(_: HttpRequest) -> HttpResponse:
    """For the process manager: the server answers and the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="chat"), name="home"),
    path("chat/", include("desk.chat.urls")),
    path("desk/", include("desk.console.urls")),
    path("health", health, name="health"),
]
