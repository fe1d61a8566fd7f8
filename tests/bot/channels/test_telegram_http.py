"""The connection to Telegram knows whether a message has begun to go out, and tells no token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram._utils.defaultvalue import DEFAULT_NONE
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram_faults import Answered, CutOff, NotSent, Silent
from bot.channels.telegram_http import Request

SECRET = "12345:token"
TEXT = "message-of-somebody"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answer(status: str, body: bytes = b'{"ok": true}', more: bytes = b"") -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(TEXT.encode())
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n".encode()
        writer.write(head + more + b"\r\n" + body)

    return serve


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[int]:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def posted(port: int, *, host: str = "127.0.0.1", **options: Any) -> tuple[int, bytes]:
    request = Request(**{"connections": 2, "read_timeout_s": 0.3, "trust_env": False, **options})
    try:
        return await request.do_request(
            f"http://{host}:{port}/bot{SECRET}/sendMessage",
            "POST",
            RequestData([RequestParameter("text", TEXT, None)]),
            DEFAULT_NONE,
        )
    finally:
        await request.shutdown()


async def test_what_is_answered_comes_back() -> None:
    begun: list[bool] = []
    async with listening(answer("200 OK")) as port:
        assert await posted(port, begins=lambda: begun.append(True)) == (200, b'{"ok": true}')
    assert begun == [True]


async def test_the_library_tells_a_refusal_itself() -> None:
    async with listening(answer("429 Too Many Requests")) as port:
        assert (await posted(port))[0] == 429


@pytest.mark.parametrize("status", ["302 Found", "418 Teapot", "500 Error", "504 Timeout"])
async def test_another_status_is_an_error_of_its_own(status: str) -> None:
    elsewhere = b"Location: http://127.0.0.1:9/elsewhere\r\n"
    async with listening(answer(status, more=elsewhere)) as port:
        with pytest.raises(Answered) as raised:
            await posted(port)
    assert raised.value.status == int(status[:3])


async def test_nobody_there_is_surely_not_sent() -> None:
    async with listening(answer("200 OK")) as port:
        pass
    with pytest.raises(NotSent) as raised:
        await posted(port)
    assert SECRET not in str(raised.value)
    assert TEXT not in str(raised.value)


async def test_what_can_not_be_noted_does_not_go_out() -> None:
    """A full disk: without the note a crash would leave this message in doubt, or double it."""
    arrived = bytearray()

    async def listen(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        arrived.extend(await reader.read())

    def full() -> None:
        raise OSError(28, "No space left on device")

    async with listening(listen) as port:
        with pytest.raises(NotSent):
            await posted(port, begins=full)
    assert TEXT.encode() not in arrived


async def test_silence_is_told_apart_from_a_broken_connection() -> None:
    asked = asyncio.Event()
    go_on = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(TEXT.encode())
        asked.set()
        await go_on.wait()

    async def hang_up(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(TEXT.encode())

    async with listening(say_nothing) as port:
        with pytest.raises(Silent):
            await posted(port)
        assert asked.is_set()
        go_on.set()
    async with listening(hang_up) as port:
        with pytest.raises(CutOff, match="ServerDisconnectedError"):
            await posted(port)


async def test_half_an_answer_is_in_doubt() -> None:
    async with listening(answer("200 OK", b"", b"Transfer-Encoding: chunked\r\n")) as port:
        with pytest.raises(CutOff):
            await posted(port)


async def test_through_a_proxy_it_is_known_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[bool] = []
    async with listening(answer("200 OK")) as port:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        found = await posted(
            80, host="telegram.invalid", trust_env=True, begins=lambda: begun.append(True)
        )
    assert found[0] == 200
    assert begun == [True]
    with pytest.raises(NotSent):
        await posted(80, host="telegram.invalid", trust_env=True, begins=lambda: begun.append(True))
    assert begun == [True]
