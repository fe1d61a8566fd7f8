"""The action server takes no call that is larger than any of Rasa's, and logs nobody's text."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from rasa_sdk.events import EventType
from sanic import Sanic

from actions.greet import Greet
from actions.serve import MAX_BODY, make_app
from actions.turn import Turn, Voice


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Where the action server listens."""
    Sanic.test_mode = True
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    running = await make_app().create_server(sock=door, return_asyncio_server=True)
    assert running is not None
    await running.startup()
    try:
        yield door.getsockname()[1]
    finally:
        running.close()
        await running.wait_closed()
        Sanic._app_registry.clear()


async def test_a_call_that_is_too_large_is_refused(port: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(f"http://127.0.0.1:{port}/health")).status_code == 200
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    call = f"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n"
    writer.write(call.encode() + b"x" * 1_000)
    status = int((await reader.readline()).split()[1])
    assert status >= 400  # like every fault it is a 500
    writer.close()


async def test_logs_hold_no_texts(
    port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def take(_: Greet, turn: Turn, __: Voice) -> list[EventType]:
        return [{"event": "slot", "name": "n", "value": int(turn.text)}]

    monkeypatch.setattr(Greet, "take", take)
    said = {"text": "my secret", "intent": {"name": "greet"}, "entities": []}
    tracker = {"sender_id": "c", "slots": {}, "latest_message": said, "events": [], "paused": False}
    call = {"next_action": "action_greet", "tracker": {**tracker, "active_loop": {}}}
    caplog.set_level(logging.DEBUG)
    async with httpx.AsyncClient(trust_env=False) as http:
        failed = await http.post(f"http://127.0.0.1:{port}/webhook", json=call)
        junk = await http.post(f"http://127.0.0.1:{port}/webhook", content=b'{"my secret')
    assert (failed.status_code, junk.status_code) == (500, 500)
    assert "ValueError" in caplog.text
    assert "test_serve.py:" in caplog.text
    assert "my secret" not in caplog.text + failed.text + junk.text
