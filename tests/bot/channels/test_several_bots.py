"""Two bots as real processes on one PostgreSQL: either does, one of them polls, and one may die."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.bot.channels.echo_bots import (
    START_WITHIN_S,
    EchoBots,
    each_once_in_order,
    echo_bots,
    proxy,
)
from tests.bot.channels.test_crash import free_port
from tests.postgres import PostgresServer
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer

PEOPLE = 5
TAKEN_OVER_WITHIN_S = 15.0


@pytest.fixture
async def people(server: TelegramServer) -> list[Person]:
    return [server.person(number) for number in range(1, PEOPLE + 1)]


@pytest.fixture
def database_url(postgres: PostgresServer) -> str:
    return postgres.database()


class Talk:
    """Everybody writes 0, 1, 2 ... until told to stop, each after what the one before was heard."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people
        self.said = 0
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(self._talk())

    async def _talk(self) -> None:
        while not self._stop.is_set():
            for person in self.people:
                await person.says(str(self.said))
            self.said += 1
            # A new round while the one before is still on its way: something is always in flight.
            await self.people[0].hears(max(self.said - 2, 0), START_WITHIN_S)

    async def goes_on(self, rounds: int = 3) -> None:
        """Wait until so many more rounds were answered."""
        await self.people[0].hears(self.said + rounds, START_WITHIN_S)

    async def ends(self) -> None:
        """Nothing was lost, nothing came twice, nothing out of order."""
        self._stop.set()
        await self._task
        for person in self.people:
            await person.hears(self.said, START_WITHIN_S)
        each_once_in_order(self.people, self.said)


def received_by(bots: EchoBots, how: str = "polling") -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return len(await bots.who_receives(how)) == 1

    return look


def settled(bots: EchoBots) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return set(await bots.states()) <= {"in done", "out sent", "out unknown"}

    return look


async def test_one_polls_and_the_other_takes_over_when_it_is_killed(
    server: TelegramServer, people: list[Person], database_url: str
) -> None:
    async with echo_bots(server, database_url) as bots:
        first, second = await bots.start(free_port(), free_port())
        await server.until_async(received_by(bots), START_WITHIN_S)
        talk = Talk(people)
        await talk.goes_on()
        assert server.conflicts == 0, "two asked Telegram at the same time"
        (poller,) = await bots.who_receives()
        other = second if poller is first else first
        await poller.end(signal.SIGKILL)
        await talk.goes_on()
        assert await bots.who_receives() == [other]
        await talk.ends()
        # What was on its way at that very moment can't be known: marked, and not sent again.
        await server.until_async(settled(bots), START_WITHIN_S)


async def test_bots_are_replaced_one_after_the_other_while_people_write(
    server: TelegramServer, people: list[Person], database_url: str
) -> None:
    async with echo_bots(server, database_url) as bots:
        old = await bots.start(free_port(), free_port())
        await server.until_async(received_by(bots), START_WITHIN_S)
        talk = Talk(people)
        await talk.goes_on()
        for one in old:
            await one.end(signal.SIGTERM)
            bots.running.remove(one)
            await talk.goes_on()
            await bots.start(free_port())
            await talk.goes_on()
        await server.until_async(received_by(bots), START_WITHIN_S)
        await talk.ends()
        assert server.conflicts == 0
        await server.until_async(settled(bots), START_WITHIN_S)
        assert "out unknown" not in await bots.states()


@pytest.fixture
async def behind_a_proxy(
    server: TelegramServer, database_url: str
) -> AsyncIterator[tuple[EchoBots, list[int]]]:
    """Two bots and two webhook processes, and how many updates each of these took."""
    door, *ports = (free_port() for _ in range(5))
    url = f"http://127.0.0.1:{door}/webhooks/telegram/webhook"
    async with (
        echo_bots(server, database_url, TELEGRAM_WEBHOOK_URL=url) as bots,
        proxy(door, ports[:2]) as taken,
    ):
        await bots.start_webhooks(*ports[:2])
        await bots.start(*ports[2:])
        await server.until_async(received_by(bots, "webhook"), START_WITHIN_S)
        yield bots, taken


async def test_updates_come_in_through_any_process_and_survive_a_restart_of_the_database(
    server: TelegramServer,
    people: list[Person],
    postgres: PostgresServer,
    behind_a_proxy: tuple[EchoBots, list[int]],
) -> None:
    bots, taken = behind_a_proxy
    talk = Talk(people)
    await talk.goes_on()
    assert min(taken) > 0, "only one of the processes was asked"
    for _ in range(2):
        await asyncio.to_thread(postgres.restart)
        await talk.goes_on()
    await talk.ends()
    await server.until_async(settled(bots), START_WITHIN_S)
    assert "out unknown" not in await bots.states()
    assert server.calls["getUpdates"] == []


async def test_the_bot_that_reads_is_killed_and_the_other_reads_on(
    server: TelegramServer, people: list[Person], behind_a_proxy: tuple[EchoBots, list[int]]
) -> None:
    bots, _ = behind_a_proxy
    talk = Talk(people)
    await talk.goes_on()
    (reader,) = await bots.who_receives("webhook")
    (other,) = (one for one in bots.running if one is not reader)
    assert (await other.health())["telegram"] == "standby"
    await reader.end(signal.SIGKILL)
    killed = time.monotonic()
    await server.until_async(received_by(bots, "webhook"), START_WITHIN_S)
    assert time.monotonic() - killed < TAKEN_OVER_WITHIN_S
    assert await bots.who_receives("webhook") == [other]
    await bots.doors[0].end(signal.SIGKILL)
    await talk.goes_on()
    await talk.ends()
    await server.until_async(settled(bots), START_WITHIN_S)
    assert set(server.webhook_answers) <= {200, 502}
