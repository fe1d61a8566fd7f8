"""How the desk is served: health, headers, static files, and what the server is started with."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from desk import __main__ as start


@pytest.mark.django_db
def test_health() -> None:
    response = Client().get("/health")
    assert (response.status_code, response.content) == (200, b"ok")


def test_the_front_door_is_the_chat() -> None:
    assert Client().get("/").headers["Location"] == "/chat/"


@pytest.mark.parametrize("name", ["vendor/htmx.min.js", "vendor/bootstrap.min.css", "desk/chat.js"])
def test_static_files_are_our_own(name: str) -> None:
    from django.contrib.staticfiles import finders

    assert finders.find(name)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/chat/", "/desk/login", "/desk/none/at/all"])
def test_no_page_asks_another_server_for_anything(address: str) -> None:
    response = Client().get(address)
    html = response.content.decode()
    assert "://" not in html
    assert "<script>" not in html
    assert " style=" not in html
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_the_server_starts_without_websockets_or_a_log_of_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: dict[str, Any] = {}
    monkeypatch.setattr("uvicorn.run", lambda app, **options: started.update(options, app=app))
    start.main()
    assert started["app"] == "desk.asgi:application"
    assert (started["ws"], started["access_log"]) == ("none", False)
    assert started["timeout_graceful_shutdown"] > 0
