"""What Telegram does on bad days; put into ``TelegramServer.faults`` or ``.always``.

``server.faults["sendMessage"]`` are used once each before the method acts,
``server.faults["after sendMessage"]`` after it has taken the message.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from tests.telegram_server import Fault, Refused


def too_many(retry_after: int = 1) -> Fault:
    async def fault(_: web.Request, __: dict[str, Any]) -> None:
        raise Refused(429, "Too Many Requests: retry after", retry_after=retry_after)

    return fault


def status(code: int, description: str = "Internal Server Error") -> Fault:
    async def fault(_: web.Request, __: dict[str, Any]) -> None:
        raise Refused(code, description)

    return fault


def hang_up() -> Fault:
    """Close the connection without an answer."""

    async def fault(request: web.Request, _: dict[str, Any]) -> None:
        assert request.transport is not None
        request.transport.abort()

    return fault


def drop() -> Fault:
    """Close the connection without having taken the message."""

    async def fault(request: web.Request, _: dict[str, Any]) -> None:
        assert request.transport is not None
        request.transport.abort()
        raise Refused(500, "nobody reads this")

    return fault


def silence(seconds: float) -> Fault:
    """Say nothing for a long time."""

    async def fault(_: web.Request, __: dict[str, Any]) -> None:
        await asyncio.sleep(seconds)

    return fault


def swallow(seconds: float, asked: list[str]) -> Fault:
    """Say nothing for a while, take nothing, hang up; ``asked`` gets the method's name."""

    async def fault(request: web.Request, _: dict[str, Any]) -> None:
        asked.append(request.match_info["method"])
        await asyncio.sleep(seconds)
        if request.transport is not None:  # else the other side has gone already
            request.transport.abort()
        raise Refused(500, "nobody reads this")

    return fault
