"""The door that Telegram posts to: who may come in, what is taken, and what it is told."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator

from aiohttp import web

from bot.webhook.commit import GroupCommit
from bot.webhook.knock import Knock
from bot.webhook.table import Table
from bot.webhook.update import NotAnUpdate, row_of

PATH = "/webhooks/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY = 1_000_000
"""Bytes of one update; Telegram's stay far below."""
READ_WITHIN_S = 20.0


async def _body(request: web.Request) -> bytes:
    if request.content.is_eof():  # the usual case, and a clock for each would cost as much again
        return await request.read()
    return await asyncio.wait_for(request.read(), READ_WITHIN_S)


def application(table: Table, secret: str, knock: Knock | None) -> web.Application:
    """The routes. ``knock`` is None where the database itself tells the bots."""
    commit = GroupCommit(table)

    async def webhook(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
            return web.Response(status=401, text="wrong secret token")
        try:
            row = row_of(await _body(request))
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413, text="larger than an update can be")
        except asyncio.TimeoutError:
            return web.Response(status=408, text="the body did not come")
        except NotAnUpdate as reason:
            return web.Response(status=400, text=str(reason))
        try:
            await commit.store(row)
        except Exception:  # noqa: BLE001 - not stored, so not acknowledged: it comes again
            return web.Response(status=503, text="not stored, please send it again")
        return web.Response(text="stored")

    async def health(_: web.Request) -> web.Response:
        fault = await commit.fault()
        found = {"ready": not fault} | ({"database": fault} if fault else {})
        return web.json_response(found, status=503 if fault else 200)

    async def running(_: web.Application) -> AsyncIterator[None]:
        table.start(knock or _nothing)
        yield
        await commit.close()
        if knock is not None:
            knock.close()

    # aiohttp refuses what is as long as its limit.
    app = web.Application(client_max_size=MAX_BODY + 1)
    app.router.add_post(PATH, webhook)
    app.router.add_get("/health", health)
    app.cleanup_ctx.append(running)
    return app


def _nothing() -> None:
    """The database tells the bots by itself."""
