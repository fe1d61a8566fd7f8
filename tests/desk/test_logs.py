"""The desk's log holds no text of a person, whatever fails over it."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_logs_hold_no_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:  # the desk's own, none of pytest's
            monkeypatch.setattr(handler, "stream", written)

    def receive(incoming: Any) -> None:
        try:
            int(incoming.text)
        except ValueError as error:
            raise LookupError(f"about {incoming.text}") from error

    monkeypatch.setattr("desk.mailbox.receive", receive)
    client = Client(raise_request_exception=False)
    sent = client.post("/chat/send", {"client_id": "client-id-1", "text": "my secret"})
    logged = written.getvalue()
    assert sent.status_code == 500
    assert "Internal Server Error: /chat/send" in logged
    assert "LookupError" in logged
    assert "ValueError" in logged
    assert "desk/chat/views.py:" in logged
    assert "my secret" not in logged + sent.content.decode()
