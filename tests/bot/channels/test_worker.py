"""The worker: a fault of one message is nobody else's, and nobody gets silence."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientConnectionError
from django.db import OperationalError
from rasa.core.channels.channel import UserMessage

from bot.channels.database import Database
from bot.channels.faults import note_failed_actions
from bot.channels.hearing import Hearing
from bot.channels.worker import Worker
from bot.tracker import turn_memory
from desk import mailbox
from desk.mailbox import Incoming
from desk.models import Conversation, DailyCount, Message, Tracker
from tests.bot.channels.conftest import Hear, echo
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.django_db(transaction=True)
until = TelegramServer().until_async


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "desk.mailbox.turns.RETRY_TURN_AFTER", (timedelta(0), timedelta(seconds=0.05))
    )


class Desk:
    """People write and read without Telegram."""

    def __init__(self, database: Database, worker: Worker) -> None:
        self.database = database
        self.worker = worker
        self._keys = iter(range(10**6))

    async def hears(self, text: str, person: str = "501") -> mailbox.Received:
        received = await self.database(
            mailbox.receive, Incoming("telegram", person, f"tg:{next(self._keys)}", text)
        )
        self.worker.wake()
        return received

    async def said(self, count: int, within_s: float = 10) -> list[str]:
        """Wait for that many answers; their texts."""

        def look() -> list[str]:
            rows = Message.objects.filter(direction="out").order_by("id")
            return list(rows.values_list("text", flat=True))

        async def enough() -> bool:
            return len(await self.database(look)) >= count

        await until(enough, within_s)
        return await self.database(look)

    async def state(self, received: mailbox.Received) -> tuple[str, str]:
        row = await self.database(Message.objects.get, pk=received.message_id)
        return row.state, row.error


@pytest.fixture
def desk() -> Callable[..., Any]:
    @asynccontextmanager
    async def running(
        hear: Hear = echo, look_ahead: Any = None, **more: Any
    ) -> AsyncIterator[Desk]:
        database = Database()
        worker = Worker(database, Hearing(hear, look_ahead), **more)
        worker.start()
        try:
            yield Desk(database, worker)
        finally:
            await worker.stop()
            database.close()

    return running


async def test_poison_is_set_aside_with_an_apology_and_nobody_waits(desk: Any) -> None:
    async def hear(message: UserMessage) -> None:
        if message.text == "poison":
            raise ValueError("never in a log: " + message.text)
        await echo(message)

    async with desk(hear) as here:
        poison = await here.hears("poison")
        await here.hears("after it")
        began = time.monotonic()
        await here.hears("Hello", person="502")
        assert (await here.said(1))[0] == "echo Hello"
        assert time.monotonic() - began < 1.5
        apology, after = (await here.said(3))[1:]
        assert apology
        assert after == "echo after it"
        assert (await here.state(poison))[0] == "set_aside"
        button = await here.database(
            lambda: Message.objects.get(key=f"{poison.message_id}:0").payload
        )
        assert button["buttons"][0]["payload"] == "/request_human"


async def test_a_message_that_takes_too_long_is_cut_off(desk: Any) -> None:
    async def hear(message: UserMessage) -> None:
        if message.text == "endless":
            await asyncio.sleep(60)
        await echo(message)

    async with desk(hear, timeout_s=0.1) as here:
        endless = await here.hears("endless")
        await here.hears("Hello", person="502")
        assert (await here.said(1))[0] == "echo Hello"
        await here.said(2)
        assert await here.state(endless) == ("set_aside", "TimeoutError")


async def test_a_message_is_looked_at_before_rasa_hears_it(desk: Any) -> None:
    order: list[str] = []

    async def look_ahead(text: str) -> None:
        order.append(f"looked at {text}")

    async def hear(message: UserMessage) -> None:
        order.append(f"heard {message.text}")
        await echo(message)

    async with desk(hear, look_ahead=look_ahead) as house:
        await house.hears("hello")
        await house.said(1)
    assert order == ["looked at hello", "heard hello"]


async def test_a_look_ahead_that_fails_is_a_failed_try_of_the_turn(desk: Any) -> None:
    tries = iter([OperationalError("away for a moment"), None])

    async def look_ahead(_text: str) -> None:
        fault = next(tries)
        if fault is not None:
            raise fault

    async with desk(echo, look_ahead=look_ahead) as house:
        await house.hears("hello")
        assert await house.said(1) == ["echo hello"]


async def test_silence_becomes_an_answer(desk: Any) -> None:
    async def hear(_: UserMessage) -> None:
        return

    async with desk(hear) as here:
        received = await here.hears("Hello")
        assert (await here.said(1))[0]
        assert (await here.state(received))[0] == "done"


async def test_an_action_that_failed_is_no_answer(desk: Any) -> None:
    """Rasa logs it and goes on; the turn is tried again as a whole."""
    note_failed_actions()
    processor = logging.getLogger("rasa.core.processor")
    tries = []

    async def _run_action(message: UserMessage) -> None:  # named as in Rasa
        tries.append(message.text)
        await echo(message)
        try:
            if len(tries) < 3:
                raise ClientConnectionError
        except ClientConnectionError:
            processor.exception("Encountered an exception while running action 'action_greet'.")

    async with desk(_run_action) as here:
        received = await here.hears("Hello")
        assert await here.said(1) == ["echo Hello"]
        assert len(tries) == 3
        assert (await here.state(received))[0] == "done"


async def test_an_outage_is_waited_out(desk: Any) -> None:
    tries = []

    async def hear(message: UserMessage) -> None:
        tries.append(message)
        if len(tries) < 5:
            raise OperationalError("database is locked")
        await echo(message)

    async with desk(hear) as here:
        await here.hears("Hello")
        assert await here.said(1, within_s=20) == ["echo Hello"]
        assert len(tries) == 5


async def test_memory_that_cannot_be_read_is_left_behind_at_last(desk: Any) -> None:
    async with desk() as here:
        await here.hears("Hello")
        await here.said(1)
        conversation = await here.database(lambda: Conversation.objects.get().pk)
        await here.database(mailbox.save_tracker, conversation, {"version": 1})
        from django.db import connection

        def spoil() -> None:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE desk_tracker SET snapshot = 'gAAAAA-of-another-key'")

        await here.database(spoil)
        await here.hears("again")
        assert (await here.said(2))[1] == "echo again"


async def test_without_a_model_messages_wait(desk: Any) -> None:
    ready = False
    async with desk(is_ready=lambda: ready) as here:
        received = await here.hears("Hello")
        await asyncio.sleep(0.05)
        assert (await here.state(received))[0] == "waiting"
        ready = True
        assert await here.said(1) == ["echo Hello"]


async def test_stopping_finishes_the_turn_in_hand_and_takes_no_other() -> None:
    database, begun, go_on = Database(), asyncio.Event(), asyncio.Event()

    async def hear(message: UserMessage) -> None:
        begun.set()
        await go_on.wait()
        await echo(message)

    worker = Worker(database, Hearing(hear), turns_at_once=1)
    here = Desk(database, worker)
    worker.start()
    await here.hears("in hand")
    await begun.wait()
    left = await here.hears("left", person="502")
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    assert await here.said(1) == ["echo in hand"]
    assert (await here.state(left))[0] == "waiting"
    database.close()


async def test_what_cannot_be_written_when_stopping_is_no_crash_for_the_next_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A full disk makes people restart things."""
    monkeypatch.setattr("bot.channels.worker.AFTER_FAULT_S", 0.0)
    database, begun, go_on = Database(), asyncio.Event(), asyncio.Event()

    def disk_is_full(*_: Any, **__: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(mailbox, "commit_turn", disk_is_full)

    async def hear(message: UserMessage) -> None:
        begun.set()
        await go_on.wait()
        await echo(message)

    worker = Worker(database, Hearing(hear))
    worker.start()
    await Desk(database, worker).hears("in hand")
    await begun.wait()
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    turn = await database(mailbox.claim_turn, "the next start")
    assert turn is not None
    assert (turn.attempt, turn.is_suspect) == (1, False)
    database.close()


async def test_a_message_that_killed_the_process_is_alone_and_then_set_aside(desk: Any) -> None:
    heard: list[str] = []

    async def hear(message: UserMessage) -> None:
        heard.append(message.text or "")
        await echo(message)

    database = Database()
    killer = await database(
        mailbox.receive, Incoming("telegram", "501", "tg:killer", "kills the process")
    )

    def dies() -> None:
        assert mailbox.claim_turn("dead:1:1")
        assert mailbox.free_leases_of(lambda _: True) == 1

    for _ in range(mailbox.TURN_CRASHES):
        await database(dies)
    async with desk(hear) as here:
        await here.hears("Hello", person="502")
        await here.said(2)
        assert heard == ["Hello"]
        assert (await here.state(killer))[0] == "set_aside"
    database.close()


async def test_what_is_learned_and_remembered_is_written_with_the_answer(desk: Any) -> None:
    async def hear(message: UserMessage) -> None:
        memory = turn_memory.get()
        assert memory is not None
        memory.slots = {"language": "fr", "host_country": "CH", "topic": None, "other": "x"}
        memory.snapshot = {"turns": (memory.snapshot or {"turns": 0})["turns"] + 1}
        await echo(message)

    async with desk(hear) as here:
        await here.hears("one")
        await here.hears("two")
        await here.said(2)
        conversation = await here.database(Conversation.objects.get)
        assert (conversation.language, conversation.host_country) == ("fr", "CH")
        tracker = await here.database(Tracker.objects.get)
        assert tracker.snapshot == {"turns": 2}


async def test_logs_hold_no_texts(desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def hear(message: UserMessage) -> None:
        raise ValueError(f"about {message.text}")

    caplog.set_level(logging.DEBUG)
    async with desk(hear) as here:
        await here.hears("my secret")
        await here.said(1)
    assert "turn.set_aside" in caplog.text
    assert "my secret" not in caplog.text


async def test_fifty_at_once_are_all_answered_in_order(desk: Any) -> None:
    at_once = 0
    most = 0
    together = asyncio.Event()

    async def hear(message: UserMessage) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        if most > 1:
            together.set()
        await asyncio.wait_for(together.wait(), 10)  # the first waits for a second
        await asyncio.sleep(0)
        at_once -= 1
        await echo(message)

    async with desk(hear) as here:
        for number in range(5):
            for person in range(10):
                await here.hears(str(number), person=str(person))
        await here.said(50, within_s=20)

        def orders() -> list[list[str]]:
            return [
                list(one.messages.filter(direction="out").values_list("text", flat=True))
                for one in Conversation.objects.all()
            ]

        expected = [f"echo {number}" for number in range(5)]
        assert await here.database(orders) == [expected] * 10
    assert 1 < most <= 8


async def test_what_a_turn_was_about_is_counted(desk: Callable[..., Any]) -> None:
    async def hear(message: UserMessage) -> None:
        memory = turn_memory.get()
        assert memory is not None
        memory.counted.add(mailbox.Counted("asked", "ask_amount"))
        memory.slots = {"language": "ti", "host_country": "CH"}
        memory.snapshot = {}
        await echo(message)

    async with desk(hear) as people:
        await people.hears("How much?")
        await people.said(1)
        rows = await people.database(lambda: list(DailyCount.objects.values_list(
            "kind", "name", "language", "host_country", "number")))  # fmt: skip
    assert rows == [("asked", "ask_amount", "ti", "CH", 1)]


@pytest.mark.parametrize(("rested", "most"), [(True, 1), (False, 8)])
async def test_busy_conversations_share_a_place_only_while_others_write(
    rested: bool, most: int, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others are served at once in a flood; and after an outage nobody is held up for nobody."""
    monkeypatch.setattr("bot.channels.places.OTHERS_WRITE_FOR_S", 3600.0 if rested else -1.0)
    monkeypatch.setattr("bot.channels.places.BUSY_PLACE_S", 3600.0)
    at_once = highest = 0
    people = [str(number) for number in range(8)]

    async def hear(message: UserMessage) -> None:
        nonlocal at_once, highest
        at_once += message.text == "again"
        highest = max(highest, at_once)
        await asyncio.sleep(0.05)
        at_once -= message.text == "again"
        await echo(message)

    async with desk(hear) as here:
        for person in people:
            await here.hears("Hello", person=person)
        await here.said(8)
        for person in people:
            await here.hears("again", person=person)
        await here.said(16)
    assert (highest == 1) if most == 1 else (highest > 1)
