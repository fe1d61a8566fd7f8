"""The knock at the assistant's door: after the commit, in its own time, and never in the way."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from desk import wake

if connection.vendor == "postgresql":
    pytest.skip("PostgreSQL tells the assistant by itself", allow_module_level=True)


@pytest.fixture
def knocks() -> None:
    """These tests knock for real."""


@pytest.fixture
def door(set_settings: Any) -> Iterator[list[str]]:
    """An assistant that hears."""
    heard: list[str] = []

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    set_settings(ASSISTANT_PORT=str(server.server_port))
    yield heard
    server.shutdown()
    server.server_close()


@pytest.mark.django_db(transaction=True)
def test_the_assistant_hears_after_the_commit(
    door: list[str], wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    with transaction.atomic():
        wake.wake_assistant()
        assert door == []
    wait_until(lambda: door == ["/webhooks/mailbox/wake"])


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_knocks_at_no_door(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(wake, "_ask", lambda: asked.append("wake"))
    with transaction.atomic():
        wake.wake_assistant()
        transaction.set_rollback(True)
    assert asked == []


@pytest.mark.django_db(transaction=True)
def test_an_assistant_that_is_not_there_is_no_error_and_is_heard_when_it_comes_back(
    set_settings: Any, door: list[str], wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    port = os.environ["ASSISTANT_PORT"]
    set_settings(ASSISTANT_PORT="9")
    wake.wake_assistant()
    wait_until(lambda: not wake._asked.is_set())
    set_settings(ASSISTANT_PORT=port)
    wake.wake_assistant()
    wait_until(lambda: len(door) > 0)
