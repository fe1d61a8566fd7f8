"""What is too large for the desk is refused before anything of it is kept."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from desk.bounds import MAX_BODY, MAX_HEADERS
from desk.casework import MAX_ANSWER
from desk.console.forms import AnswerForm, NoteForm, WriteForm, new_key
from desk.models import Message

ADDRESS = "/chat/send"


@pytest.fixture
def visitor(live_desk: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live_desk.url, trust_env=False, timeout=20) as client:
        yield client


def test_a_long_body_is_refused_by_its_length_alone(visitor: httpx.Client, live_desk: Any) -> None:
    """Not one byte of it is sent: its header is enough."""
    host, port = live_desk.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        head = f"POST {ADDRESS} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n"
        line.sendall(head.encode())
        assert b" 413 " in line.recv(4096)


def test_a_body_that_does_not_say_how_long_it_is(visitor: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(MAX_BODY // 100_000 + 2):
            yield b"x" * 100_000

    assert visitor.post(ADDRESS, content=chunks()).status_code == 413


def test_a_form_larger_than_any_of_ours(visitor: httpx.Client) -> None:
    token = visitor.get("/chat/").text.partition('csrfmiddlewaretoken" value="')[2][:64]
    values = {"csrfmiddlewaretoken": token, "client_id": "client-id-1", "text": "x" * 300_000}
    assert visitor.post(ADDRESS, data=values).is_client_error
    assert not Message.objects.exists()


def test_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    from desk import __main__ as start

    started: dict[str, Any] = {}
    monkeypatch.setattr("uvicorn.run", lambda app, **options: started.update(options))
    start.main()
    assert (started["http"], started["h11_max_incomplete_event_size"]) == ("h11", MAX_HEADERS)


@pytest.mark.parametrize(
    ("form", "most"), [(AnswerForm, MAX_ANSWER), (WriteForm, 4_000), (NoteForm, 4_000)]
)
def test_what_counsellors_type(form: Callable[..., Any], most: int) -> None:
    fits, longer = (form({"key": new_key(), "text": "x" * size}) for size in (most, most + 1))
    assert fits.is_valid()
    assert "text" in longer.errors
