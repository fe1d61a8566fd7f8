"""No request is larger than anything that a page of ours sends, and all share few connections.

Django would write a body of any length to the disk before the first line of ours sees it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY = 2_000_000
"""Bytes of one request; forms and chat messages stay below ``DATA_UPLOAD_MAX_MEMORY_SIZE``."""
MAX_HEADERS = 16_384
MOST_CONNECTIONS = 16
"""Of one desk process to PostgreSQL; requests wait for a free one, longest first."""


class Bounded:
    """An ASGI application that answers 413 to what is too large, however it comes."""

    def __init__(self, app: App, most: int = MAX_BODY) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _declared(scope) > self._most:
            await _refuse(send)
            return
        read, answered = 0, False

        async def bounded() -> Any:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            # The rest is not read: for the application the browser has gone.
            return message if read <= self._most else {"type": "http.disconnect"}

        async def noted(message: Any) -> None:
            nonlocal answered
            answered = True
            await send(message)

        await self._app(scope, bounded, noted)
        if read > self._most and not answered:
            await _refuse(send)


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": b"too large"})
