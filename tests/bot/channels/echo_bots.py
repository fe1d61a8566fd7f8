"""Several echo bots as real processes on one PostgreSQL, and the proxy that stands before them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import httpx
import psycopg
from aiohttp import web

from tests.telegram_people import Person
from tests.telegram_server import TOKEN, TelegramServer

SECRET = "s3cret-" * 6
START_WITHIN_S = 150.0
"""Importing Rasa takes 5 s on an idle machine, and far longer on a busy one."""


class EchoBot:
    """One process; it is asked by its port, as an operator would."""

    health_path = "/webhooks/mailbox/health"

    def __init__(self, settings: dict[str, str], port: int) -> None:
        self._settings = settings
        self.port = port
        self.process: asyncio.subprocess.Process | None = None

    def command(self) -> list[str]:
        return ["-m", "tests.bot.channels.echo_process", str(self.port)]

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, *self.command()),
            env=self._settings | {"ASSISTANT_PORT": str(self.port)},
            stderr=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
        )

    async def end(self, how: signal.Signals) -> None:
        """End it and wait until it has; one that has ended is left alone."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(how)
            await self.process.wait()

    async def health(self) -> dict[str, Any]:
        """What it says of itself; empty while it says nothing."""
        address = f"http://127.0.0.1:{self.port}{self.health_path}"
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                found: dict[str, Any] = (await client.get(address, timeout=5)).json()
        except httpx.HTTPError:
            return {}
        return found

    async def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.returncode is None, "it ended by itself"
        return bool((await self.health()).get("ready"))


class WebhookProcess(EchoBot):
    """The one that takes updates, as it really is."""

    health_path = "/health"

    def __init__(self, settings: dict[str, str], port: int) -> None:
        super().__init__(settings | {"WEBHOOK_PORT": str(port)}, port)

    def command(self) -> list[str]:
        return ["-m", "bot.webhook"]


class EchoBots:
    """Bots with the same settings, and one database."""

    def __init__(self, settings: dict[str, str], server: TelegramServer) -> None:
        self._settings = settings
        self.server = server
        self.running: list[EchoBot] = []
        self.doors: list[WebhookProcess] = []

    async def start(self, *ports: int) -> list[EchoBot]:
        """Start one a port, together, and wait until all are ready."""
        bots = [EchoBot(self._settings, port) for port in ports]
        self.running += bots
        await self._until_ready(bots)
        return bots

    async def start_webhooks(self, *ports: int) -> list[WebhookProcess]:
        """Start a webhook's process a port, together, and wait until all are ready."""
        doors = [WebhookProcess(self._settings, port) for port in ports]
        self.doors += doors
        await self._until_ready(doors)
        return doors

    async def _until_ready(self, several: Sequence[EchoBot]) -> None:
        for one in several:
            await one.start()
        for one in several:
            await self.server.until_async(one.is_ready, START_WITHIN_S)

    async def who_receives(self, how: str = "polling") -> list[EchoBot]:
        """Bots that hold the lease; ``how`` is "polling" or "webhook"."""
        return [one for one in self.running if (await one.health()).get("telegram") == how]

    async def states(self) -> dict[str, int]:
        """How many messages are in each state."""
        url = self._settings["DATABASE_URL"]
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as database:
            found = await database.execute(
                "SELECT direction || ' ' || state, count(*) FROM desk_message GROUP BY 1"
            )
            return {str(state): int(count) for state, count in await found.fetchall()}


@asynccontextmanager
async def echo_bots(
    server: TelegramServer, database_url: str, **settings: str
) -> AsyncIterator[EchoBots]:
    """No bot runs yet; whichever still runs at the end is killed."""
    environment = os.environ | {
        "MESSAGES_PER_MINUTE": "1000",  # each message here has its own answer
        "DATABASE_URL": database_url,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": server.url,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        **settings,
    }
    bots = EchoBots(environment, server)
    try:
        yield bots
    finally:
        for one in (*bots.running, *bots.doors):
            await one.end(signal.SIGKILL)


@asynccontextmanager
async def proxy(port: int, backends: list[int]) -> AsyncIterator[list[int]]:
    """Gives each request to the next process that answers; yields how many each of them took."""
    taken = [0] * len(backends)
    turn = 0

    async def forward(request: web.Request) -> web.Response:
        nonlocal turn
        body, headers = await request.read(), dict(request.headers)
        for _ in backends:
            turn += 1
            number = turn % len(backends)
            address = f"http://127.0.0.1:{backends[number]}{request.path}"
            try:
                async with http.post(address, data=body, headers=headers) as answer:
                    taken[number] += answer.status == 200
                    return web.Response(status=answer.status, body=await answer.read())
            except aiohttp.ClientError:
                continue
        return web.Response(status=502)

    app = web.Application()
    app.router.add_post("/{path:.*}", forward)
    runner = web.AppRunner(app, access_log=None)
    async with aiohttp.ClientSession() as http:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield taken
        finally:
            await runner.cleanup()


def each_once_in_order(people: list[Person], count: int) -> None:
    """Everybody heard an echo of each of their messages, once, in the order of asking."""
    for person in people:
        assert person.texts == [f"echo {number}" for number in range(count)]
