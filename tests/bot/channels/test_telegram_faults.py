"""Bad days: nothing is lost, nothing doubled but what is unknowable, and that is marked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from telegram.error import NetworkError, TelegramError

from bot.channels import telegram_api
from bot.channels.telegram_faults import CutOff, NotSent, Silent, judge
from bot.channels.telegram_send import SENDS_AT_ONCE
from desk.mailbox import Outcome
from desk.models import Message
from tests.bot.channels.delivered import settled
from tests.telegram_faults import drop, hang_up, silence, status, swallow, too_many
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (status(500), "sent perhaps twice (500)"),
        (status(502, "Bad Gateway"), "sent perhaps twice (502)"),
        (status(413, "Request Entity Too Large"), "sent"),
        (too_many(1), "sent"),
    ],
    ids=["500", "502", "413", "429"],
)
async def test_it_is_sent_again_after(
    assistant: Any, server: TelegramServer, amina: Person, fault: Any, state: str
) -> None:
    server.faults["sendMessage"].append(fault)
    async with assistant() as runtime:
        await amina.says("one")
        await amina.says("two")
        assert await amina.hears(2) == ["echo one", "echo two"]
        assert await settled(runtime, 2) == {"echo one": state, "echo two": "sent"}


async def test_a_front_that_gave_up_waiting_doubles_nothing(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    server.faults["after sendMessage"].append(status(504, "Gateway Timeout"))
    async with assistant() as runtime:
        await amina.says("one")
        await amina.says("two")
        assert await amina.hears(2) == ["echo one", "echo two"]
        assert await settled(runtime, 2) == {"echo one": "unknown 504", "echo two": "sent"}


async def test_what_is_doubled_by_a_front_that_lost_the_answer_is_marked(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    server.faults["after sendMessage"].append(status(502, "Bad Gateway"))
    async with assistant() as runtime:
        await amina.says("one")
        assert await amina.hears(2) == ["echo one", "echo one"]
        assert await settled(runtime) == {"echo one": "sent perhaps twice (502)"}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NotSent("ClientConnectorError"), Outcome.RETRY),
        (CutOff("ServerDisconnectedError"), Outcome.UNKNOWN),
        (Silent(), Outcome.UNKNOWN),
        (NetworkError("Unknown error in HTTP implementation"), Outcome.UNKNOWN),
    ],
    ids=["not sent", "cut off", "silent", "other"],
)
def test_what_may_have_happened_after_it_was_taken_is_in_doubt(
    error: TelegramError, outcome: Outcome
) -> None:
    assert judge(error).outcome is outcome


async def test_429_slows_everybody(assistant: Any, server: TelegramServer) -> None:
    amina, bilal = server.person(1), server.person(2)
    async with assistant():
        await amina.says("Hello")
        await amina.hears(1)
        server.faults["sendMessage"].append(too_many(1))
        await amina.says("refused at first")
        await server.until(lambda: not server.faults["sendMessage"])
        refused_at = asyncio.get_running_loop().time()
        await bilal.says("Hello")
        await bilal.hears(1)
        assert asyncio.get_running_loop().time() - refused_at >= 0.9
        await amina.hears(2)


async def test_taken_and_no_answer_is_unknown_and_not_sent_twice(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    server.faults["after sendMessage"].append(hang_up())
    async with assistant() as runtime:
        await amina.says("one")
        await amina.says("two")
        assert await amina.hears(2) == ["echo one", "echo two"]
        assert (await settled(runtime, 2))["echo one"].startswith("unknown ")


async def test_dropped_before_it_was_taken_is_marked_too(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    """From here it looks the same as one that was taken."""
    server.faults["sendMessage"].append(drop())
    async with assistant() as runtime:
        await amina.says("one")
        await amina.says("two")
        assert await amina.hears(1) == ["echo two"]
        assert (await settled(runtime, 2))["echo one"].startswith("unknown ")


async def test_silent_for_a_day_costs_no_more_than_what_was_on_its_way(
    assistant: Any, server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes connections and says nothing; it is asked with something harmless meanwhile."""
    connect = telegram_api.connect
    monkeypatch.setattr(
        "bot.channels.telegram.connect", lambda *given: connect(*given, read_timeout_s=0.3)
    )
    monkeypatch.setattr(telegram_api, "LONGEST_PAUSE_S", 0.02)
    clock = timezone.now
    hours = 0
    monkeypatch.setattr(timezone, "now", lambda: clock() + timedelta(hours=hours))
    asked: list[str] = []
    server.always["sendMessage"] = server.always["getMe"] = swallow(0.6, asked)
    people = [server.person(number) for number in range(1, 21)]
    async with assistant() as runtime:
        for text in ("one", "two"):
            for person in people:
                await person.says(text)
        await server.until_async(lambda: runtime.database(_count_of("unknown", 1)))
        for hours in range(1, 25):  # noqa: B007 - the clock reads it
            before = asked.count("getMe")
            await server.until(lambda n=before: asked.count("getMe") > n, 20)  # type: ignore[misc]
        in_doubt = sum(state.startswith("unknown") for state in await _all_states(runtime))
        assert 1 <= in_doubt <= SENDS_AT_ONCE
        assert len(server.sent) == 0
        server.always.clear()
        await server.until_async(lambda: runtime.database(_count_of("sent", 40 - in_doubt)), 30)
        assert set(await _all_states(runtime)) == {"sent", "unknown"}
    for person in people:
        assert person.texts in (["echo one", "echo two"], ["echo two"], ["echo one"])


def _count_of(state: str, least: int) -> Callable[[], bool]:
    return lambda: Message.objects.filter(direction="out", state=state).count() >= least


async def _all_states(runtime: Any) -> list[str]:
    rows = Message.objects.filter(direction="out").values_list("state", flat=True)
    found: list[str] = await runtime.database(lambda: list(rows))
    return found


async def test_silence_is_unknown(
    assistant: Any,
    server: TelegramServer,
    amina: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quickly = telegram_api.connect
    monkeypatch.setattr(
        "bot.channels.telegram.connect",
        lambda *given: quickly(*given, read_timeout_s=0.3),
    )
    server.faults["sendMessage"].append(silence(1))
    async with assistant() as runtime:
        await amina.says("one")
        await amina.says("two")
        await server.until(lambda: "echo two" in amina.texts)
        assert await settled(runtime, 2) == {
            "echo one": "unknown silent",
            "echo two": "sent",
        }


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (status(400, "Bad Request: chat not found"), "failed 400 chat not found"),
        (status(400, "Bad Request: can't parse entities"), "failed 400 can't parse entities"),
    ],
)
async def test_refused_for_good_does_not_hold_up_the_next(
    assistant: Any, server: TelegramServer, amina: Person, fault: Any, state: str
) -> None:
    server.faults["sendMessage"].append(fault)
    async with assistant() as runtime:
        await amina.says("one")
        await amina.says("two")
        assert await amina.hears(1) == ["echo two"]
        assert await settled(runtime, 2) == {"echo one": state, "echo two": "sent"}


async def test_without_network_it_starts_and_waits(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    port = server.port
    await server.stop()
    async with assistant():
        await asyncio.sleep(0)
        await server.start(port)
        await amina.says("Hello")
        assert await amina.hears(1, within_s=20) == ["echo Hello"]


async def test_telegram_goes_away_and_comes_back(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    port = server.port
    go_on = asyncio.Event()

    async def slow_echo(message: Any) -> None:
        await go_on.wait()
        await message.output_channel.send_response(message.sender_id, {"text": message.text})

    async with assistant(slow_echo) as runtime:
        for number in range(5):
            await amina.says(str(number))
        await server.until_async(lambda: runtime.database(lambda: Message.objects.count() == 5))
        await server.stop()
        go_on.set()
        await server.until_async(
            lambda: runtime.database(
                Message.objects.filter(direction="out", attempts__gte=1, state="waiting").exists
            )
        )
        await server.start(port)
        assert await amina.hears(5, within_s=20) == ["0", "1", "2", "3", "4"]
        assert set((await settled(runtime, 5)).values()) == {"sent"}


async def test_one_persons_faults_are_not_anothers(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    bilal = server.person(502)
    server.unknown_chats.add(amina.chat_id)
    async with assistant() as runtime:
        await amina.says("lost")
        await bilal.says("Hello")
        assert await bilal.hears(1) == ["echo Hello"]
        assert (await settled(runtime, 2))["echo lost"].startswith("failed")


async def test_a_fault_we_do_not_know_is_unknown_not_lost(
    assistant: Any, server: TelegramServer, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from telegram import Bot

    real = Bot.send_message

    async def odd(self: Bot, chat_id: int, text: str, **more: Any) -> Any:
        if text == "echo odd":
            raise TelegramError("something new")
        return await real(self, chat_id, text, **more)

    monkeypatch.setattr(Bot, "send_message", odd)
    async with assistant() as runtime:
        await amina.says("odd")
        await amina.says("even")
        assert await amina.hears(1) == ["echo even"]
        assert (await settled(runtime, 2))["echo odd"] == "unknown TelegramError"
