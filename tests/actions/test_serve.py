"""The action server takes no call that is larger than any of Rasa's."""

from __future__ import annotations

import asyncio
import socket

import httpx
from sanic import Sanic

from actions.serve import MAX_BODY, make_app


async def test_a_call_that_is_too_large_is_refused() -> None:
    Sanic.test_mode = True
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{door.getsockname()[1]}"
    running = await make_app().create_server(sock=door, return_asyncio_server=True)
    assert running is not None
    await running.startup()
    try:
        async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
            assert (await http.get("/health")).status_code == 200
        reader, writer = await asyncio.open_connection(*door.getsockname())
        call = f"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n"
        writer.write(call.encode() + b"x" * 1_000)
        status = int((await reader.readline()).split()[1])
        assert status >= 400  # the SDK turns the refusal into a 500 of its own
        writer.close()
    finally:
        running.close()
        await running.wait_closed()
        Sanic._app_registry.clear()
