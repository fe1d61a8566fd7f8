"""The sender's loop outlives whatever it meets, and writes down how each delivery ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from telegram import Bot

from bot.channels import telegram_api
from desk import mailbox
from desk.models import Message
from tests.bot.channels.delivered import settled
from tests.telegram_faults import silence, status, too_many
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer

PEOPLE = 20


@pytest.fixture
def short_time_outs(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = telegram_api.connect
    monkeypatch.setattr(
        "bot.channels.telegram.connect", lambda *given: connect(*given, read_timeout_s=0.3)
    )
    monkeypatch.setattr(telegram_api, "LONGEST_PAUSE_S", 0.02)


def refuses(server: TelegramServer, _: pytest.MonkeyPatch) -> None:
    """``patiently`` hands a 400 on."""
    server.faults["getMe"].append(status(400, "Bad Request: of all things"))


def says_junk(_: TelegramServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when what came can't be read as a user."""
    real, calls = Bot.get_me, iter(range(100))

    async def odd(self: Bot, *given: Any, **more: Any) -> Any:
        if next(calls) == 0:
            raise TypeError("not a user")
        return await real(self, *given, **more)

    monkeypatch.setattr(Bot, "get_me", odd)


@pytest.mark.usefixtures("short_time_outs")
@pytest.mark.parametrize("answers", [refuses, says_junk])
async def test_it_goes_on_whatever_getme_says_after_a_silence(
    assistant: Any,
    server: TelegramServer,
    amina: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    answers: Callable[[TelegramServer, pytest.MonkeyPatch], None],
) -> None:
    server.faults["sendMessage"].append(silence(1))
    answers(server, monkeypatch)
    async with assistant() as runtime:
        await amina.says("one")
        await amina.says("two")
        await server.until(lambda: "echo two" in amina.texts)
        assert (await settled(runtime, 2))["echo two"] == "sent"
    assert "delivery.sender_failed" in caplog.text
    assert "of all things" not in caplog.text
    assert "not a user" not in caplog.text


@pytest.mark.usefixtures("short_time_outs")
async def test_after_a_silence_one_message_finds_out_not_eight(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    """``getMe`` is answered, ``sendMessage`` is not."""
    on_their_way: list[int] = []
    most = 0
    silent = True

    async def say_nothing(request: Any, _: Any) -> None:
        nonlocal most
        if not silent:
            return
        on_their_way.append(1)
        most = max(most, len(on_their_way))
        # Until the assistant hangs up, as it does after its time-out; a transport tells nobody.
        while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        on_their_way.pop()

    server.always["sendMessage"] = say_nothing
    async with assistant() as runtime:
        await amina.says("one")
        await server.until_async(
            lambda: runtime.database(Message.objects.filter(state="unknown").exists)
        )
        people = [server.person(number) for number in range(1, PEOPLE + 1)]
        for person in people:
            await person.says(str(person.chat_id))
        await server.until_async(
            lambda: runtime.database(
                lambda: Message.objects.filter(direction="out").count() == PEOPLE + 1
            )
        )
        await server.until_async(
            lambda: runtime.database(lambda: Message.objects.filter(state="unknown").count() >= 3)
        )
        assert most == 1
        silent = False
        found = await settled(runtime, PEOPLE + 1)
    assert len(found) == PEOPLE + 1
    assert {state for state in found.values() if state != "sent"} == {"unknown silent"}


async def test_what_was_surely_not_sent_is_not_forgotten_in_a_long_outage(
    assistant: Any, server: TelegramServer, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram_settle.AFTER_FAULT_S", 0.005)
    real, calls = mailbox.settle, iter(range(10**9))

    def away(*given: Any, **more: Any) -> None:
        if next(calls) < 100:
            raise OperationalError("the database system is starting up")
        real(*given, **more)

    monkeypatch.setattr(mailbox, "settle", away)
    server.faults["sendMessage"].append(too_many(1))
    async with assistant() as runtime:
        await amina.says("Hello")
        assert await amina.hears(1, within_s=20) == ["echo Hello"]
        assert await settled(runtime) == {"echo Hello": "sent"}


async def test_it_stops_also_while_the_database_is_away(
    assistant: Any, server: TelegramServer, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram_settle.AFTER_FAULT_S", 0.005)
    calls = 0

    def away(*_: Any, **__: Any) -> None:
        nonlocal calls
        calls += 1
        raise OperationalError("no such host")

    monkeypatch.setattr(mailbox, "settle", away)
    server.faults["sendMessage"].append(too_many(1))
    async with assistant():
        await amina.says("Hello")
        await server.until(lambda: calls > 100)
