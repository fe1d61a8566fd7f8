"""The webhook's process as it really is: what it loads, and that it may die at any line."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from django.db import connection

from bot.webhook.door import PATH
from desk.models import Message, UnreadUpdate
from tests.bot.channels.conftest import database_url
from tests.bot.channels.echo_bots import SECRET, START_WITHIN_S, WebhookProcess
from tests.bot.channels.test_crash import free_port
from tests.bot.channels.test_unread import nothing_left
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer

HEAVY = ("django", "rasa", "numpy", "sanic", "telegram", "psycopg", "desk", "bot.channels")
LOADED = "import sys, bot.webhook.__main__; print(*sys.modules)"


def test_it_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, check=True)
    assert not set(HEAVY) & set(done.stdout.decode().split())


class Dying(WebhookProcess):
    """It ends at one line."""

    line = ""

    def command(self) -> list[str]:
        return ["-m", "tests.bot.channels.dying_webhook", self.line]


class Door:
    """One port at which one process after the other takes updates."""

    def __init__(self, server: TelegramServer, assistant_port: int) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}{PATH}"
        self.settings = os.environ | {
            "DATABASE_URL": database_url(),
            "TELEGRAM_WEBHOOK_URL": self.url,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
        }
        self._server = server
        self._assistant_port = assistant_port
        self.process: WebhookProcess | None = None

    async def opens(self, kind: type[WebhookProcess] = WebhookProcess, line: str = "") -> None:
        self.process = kind(self.settings, self.port)
        if isinstance(self.process, Dying):
            self.process.line = line
        await self.process.start()
        await self._server.until_async(self.process.is_ready, START_WITHIN_S)

    async def brings(self, update: dict[str, Any]) -> int:
        """The status of the answer; 0 when there was none."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
            try:
                answer = await http.post(self.url, content=json.dumps(update), headers=headers)
            except httpx.TransportError:
                return 0
        return answer.status_code


@pytest.fixture
async def door(server: TelegramServer, transactional_db: None) -> AsyncIterator[Door]:
    found = Door(server, 9)
    yield found
    if found.process is not None:
        await found.process.end(signal.SIGKILL)


def stored() -> list[int]:
    try:
        return list(UnreadUpdate.objects.order_by("pk").values_list("pk", flat=True))
    finally:
        connection.close()


needs_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="its lines are SQLite's")


@needs_sqlite
@pytest.mark.parametrize(
    ("line", "is_stored"), [("before_the_commit", False), ("between_commit_and_wake", True)]
)
async def test_killed_around_the_commit_nothing_is_lost_or_doubled(
    line: str,
    is_stored: bool,
    door: Door,
    assistant: Any,
    set_settings: Any,
    server: TelegramServer,
    amina: Person,
) -> None:
    update = {"update_id": 7, "message": amina.message(text="one")}
    await door.opens(Dying, line)
    assert await door.brings(update) == 0
    assert await asyncio.to_thread(stored) == ([7] if is_stored else [])
    set_settings(TELEGRAM_WEBHOOK_URL=door.url, TELEGRAM_WEBHOOK_SECRET=SECRET)
    async with assistant() as runtime:
        if is_stored:
            assert await amina.hears(1) == ["echo one"], "nobody woke it: it looks by itself"
        await door.opens()
        assert await door.brings(update) == 200, "as Telegram does: it was not acknowledged"
        assert await door.brings({"update_id": 8, "message": amina.message(text="two")}) == 200
        assert await amina.hears(2) == ["echo one", "echo two"]
        await server.until_async(nothing_left)
        assert await runtime.database(Message.objects.filter(direction="in").count) == 2


async def test_it_acknowledges_while_there_is_no_bot_and_ends_in_good_order(
    door: Door, amina: Person
) -> None:
    await door.opens()
    updates = [{"update_id": n, "message": amina.message(text=str(n))} for n in range(50)]
    bringing = asyncio.gather(*(door.brings(update) for update in updates))
    assert await bringing == [200] * 50
    assert await asyncio.to_thread(stored) == list(range(50))
    assert door.process is not None
    await door.process.end(signal.SIGTERM)
    assert door.process.process is not None
    assert door.process.process.returncode == 0


@needs_sqlite
async def test_a_database_that_is_not_there_is_not_made(
    door: Door, amina: Person, tmp_path: Any
) -> None:
    door.settings["DATABASE_URL"] = f"sqlite:///{tmp_path / 'none.db'}"
    process = WebhookProcess(door.settings, door.port)
    door.process = process
    await process.start()
    await door._server.until_async(process.health, START_WITHIN_S)
    assert await process.health() == {"ready": False, "database": "unable to open database file"}
    assert await door.brings({"update_id": 1}) == 503
    assert not (tmp_path / "none.db").exists()
    with sqlite3.connect(tmp_path / "none.db") as made:
        made.execute(
            "CREATE TABLE desk_unreadupdate (update_id bigint PRIMARY KEY, address_hash, body)"
        )
    assert await door.brings({"update_id": 1}) == 200
    assert (await process.health())["ready"] is True
