"""The database refuses: the disk is full, or another process holds it. All is done afterwards."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from rasa.core.channels.channel import UserMessage

from bot.channels.mailbox import Runtime
from desk.mailbox import TURN_CRASHES
from desk.models import Message
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="these are SQLite's faults")

FULL = "database or disk is full"
LOCKED = "database is locked"


def pragma(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {statement}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def fill_the_disk() -> None:
    """No page more than there are, and none of them free."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    pragma(f"max_page_count = {pragma('page_count')}")


def make_room() -> None:
    pragma("max_page_count = 1073741823")


async def refused(runtime: Runtime, server: TelegramServer, why: str) -> None:
    await server.until(lambda: why in " ".join(runtime.database.faults().values()), 30)


async def all_done(runtime: Runtime, server: TelegramServer, messages: int) -> None:
    def done() -> bool:
        rows = Message.objects.values_list("direction", "state")
        return sorted(rows) == [("in", "done")] * messages + [("out", "sent")] * messages

    await server.until_async(lambda: runtime.database(done), 30)


async def test_a_full_disk_loses_nothing_and_health_says_so(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    # Long enough to need new pages at once.
    texts = [f"{number} " + "x" * 3900 for number in range(5)]
    async with assistant() as runtime:
        await runtime.database(fill_the_disk)
        try:
            for text in texts:
                await amina.says(text)
            await refused(runtime, server, FULL)
            assert len(amina.heard) < len(texts)
        finally:
            await runtime.database(make_room)
        assert await amina.hears(5, within_s=30) == [f"echo {text}" for text in texts]
        await all_done(runtime, server, 5)
        assert runtime.database.faults() == {}


async def test_what_waited_is_answered_however_long_the_disk_was_full(
    assistant: Any,
    server: TelegramServer,
    amina: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A claim fits into the pages that there are, an answer does not: that is nobody's crash."""
    # A round (the tries to write, else the end of the lease) in a second instead of fifteen.
    monkeypatch.setattr("bot.channels.worker.AFTER_FAULT_S", 0.01)
    monkeypatch.setattr("desk.mailbox.turns.TURN_LEASE", timedelta(seconds=1))
    ready, answer = False, "y" * 3900

    async def hear(message: UserMessage) -> None:
        await message.output_channel.send_response(message.sender_id, {"text": answer})

    def unwritten() -> int:
        return sum("turn.unwritten" in record.getMessage() for record in caplog.records)

    async with assistant(hear, lambda: ready) as runtime:
        await amina.says("Where can I sleep?")
        await server.until_async(lambda: runtime.database(Message.objects.exists))
        await runtime.database(fill_the_disk)
        try:
            ready = True
            await server.until(lambda: unwritten() > TURN_CRASHES + 1, 20)
        finally:
            await runtime.database(make_room)
        assert await amina.hears(1, within_s=30) == [answer]
        await all_done(runtime, server, 1)
        row = await runtime.database(Message.objects.get, direction="in")
        assert (row.attempts, row.crashes) == (1, 0)


HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


async def test_locked_by_another_process_for_longer_than_we_wait(
    assistant: Any, server: TelegramServer, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bilal = server.person(502)
    # Of every connection that is opened from now on, in whatever thread.
    monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "timeout", 0.05)
    async with assistant() as runtime:
        await amina.says("before")
        await amina.hears(1)
        await all_done(runtime, server, 1)
        path = str(connection.settings_dict["NAME"])
        holder = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", HOLD, path),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert holder.stdout is not None
        assert await holder.stdout.readline() == b"held\n"
        try:
            await amina.says("one")
            await bilal.says("two")
            await refused(runtime, server, LOCKED)
        finally:
            await holder.communicate(b"\n")
        assert await amina.hears(2, within_s=30) == ["echo before", "echo one"]
        assert await bilal.hears(1, within_s=30) == ["echo two"]
        await all_done(runtime, server, 3)
