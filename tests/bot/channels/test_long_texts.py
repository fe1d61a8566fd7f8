"""A text in several parts on bad days: each part once, none lost without a mark."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import OperationalError

from bot.channels import telegram_api
from desk import mailbox
from tests.bot.channels.delivered import settled
from tests.telegram_faults import drop, hang_up, swallow
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer

TEXT = "".join(f"This is sentence number {n} of a long answer. " for n in range(300)).strip()
PARTS = 4


async def speaks(message: Any) -> None:
    buttons = [{"title": "Yes", "payload": "/affirm"}]
    await message.output_channel.send_response(
        message.sender_id, {"text": TEXT, "buttons": buttons}
    )


async def the_state(runtime: Any) -> str:
    ((_, state),) = (await settled(runtime)).items()
    return state


@pytest.mark.parametrize(
    ("fault", "state"),
    [(None, "sent"), (hang_up(), "unknown ServerDisconnectedError")],
    ids=["plain", "a part in doubt"],
)
async def test_a_long_text_arrives_in_parts_once_each(
    assistant: Any, server: TelegramServer, amina: Person, fault: Any, state: str
) -> None:
    if fault:
        server.faults["after sendMessage"].append(fault)
    async with assistant(speaks) as runtime:
        await amina.says("Hello")
        heard = await amina.hears(PARTS)
        assert await the_state(runtime) == state
    assert " ".join(heard) == TEXT
    assert all(part.endswith(".") for part in heard)
    assert [bool(one.buttons) for one in amina.heard] == [False, False, False, True]


async def test_a_part_that_never_arrived_leaves_its_mark(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    server.faults["sendMessage"].append(drop())
    async with assistant(speaks) as runtime:
        await amina.says("Hello")
        heard = await amina.hears(PARTS - 1)
        assert await the_state(runtime) == "unknown ServerDisconnectedError"
    assert TEXT.endswith(" ".join(heard))


async def test_a_part_of_which_we_know_nothing_does_not_end_the_others(
    assistant: Any, server: TelegramServer, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from telegram import Bot

    real, calls = Bot.send_message, iter(range(100))

    async def odd(self: Bot, chat_id: int, text: str, **more: Any) -> Any:
        sent = await real(self, chat_id, text, **more)
        if next(calls) == 0:
            raise ValueError("something in the answer")
        return sent

    monkeypatch.setattr(Bot, "send_message", odd)
    async with assistant(speaks) as runtime:
        await amina.says("Hello")
        assert " ".join(await amina.hears(PARTS)) == TEXT
        assert await the_state(runtime) == "unknown ValueError"


async def test_a_silent_telegram_costs_one_part_not_one_after_the_other(
    assistant: Any, server: TelegramServer, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = telegram_api.connect
    monkeypatch.setattr(
        "bot.channels.telegram.connect", lambda *given: connect(*given, read_timeout_s=0.3)
    )
    monkeypatch.setattr(telegram_api, "LONGEST_PAUSE_S", 0.02)
    asked: list[str] = []
    server.always["sendMessage"] = server.always["getMe"] = swallow(0.6, asked)
    async with assistant(speaks) as runtime:
        await amina.says("Hello")
        await server.until(lambda: asked.count("getMe") >= 3)
        assert asked.count("sendMessage") == 1
        server.always.clear()
        heard = await amina.hears(PARTS - 1)
        assert await the_state(runtime) == "unknown silent"
    assert TEXT.endswith(" ".join(heard))


async def test_a_database_that_blinks_between_two_parts_loses_none(
    assistant: Any, server: TelegramServer, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, lock, calls = mailbox.record_part, threading.Lock(), 0

    def blinks(*given: Any, **more: Any) -> Any:
        nonlocal calls
        with lock:
            calls += 1
            first = calls == 1
        if first:
            raise OperationalError("database is locked")
        return real(*given, **more)

    monkeypatch.setattr(mailbox, "record_part", blinks)
    async with assistant(speaks) as runtime:
        await amina.says("Hello")
        assert " ".join(await amina.hears(PARTS)) == TEXT
        assert await the_state(runtime) == "sent"
