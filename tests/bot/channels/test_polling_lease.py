"""The bot that polls stops before another may begin."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from bot.channels.database import Database
from bot.channels.polling_lease import NAME, PollingLease
from desk import mailbox
from desk.models import Lease
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.django_db(transaction=True)
until = TelegramServer().until
LONG = timedelta(seconds=60)


class Poller:
    """Notes when it polls and when it does not."""

    def __init__(self, lease: PollingLease) -> None:
        self.polls = False
        self.task = asyncio.create_task(lease.run(self._poll, lambda: None))

    async def _poll(self) -> None:
        self.polls = True
        try:
            await asyncio.Event().wait()
        finally:
            self.polls = False


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    found = Database()
    yield found
    found.close()


@pytest.fixture
def poller(database: Database) -> Callable[..., Any]:
    @asynccontextmanager
    async def running(lasts_s: float = 0.6) -> AsyncIterator[tuple[Poller, PollingLease]]:
        lease = PollingLease(database, lasts_s=lasts_s)
        running = Poller(lease)
        try:
            yield running, lease
        finally:
            running.task.cancel()
            await asyncio.wait([running.task])
            await lease.release()

    return running


async def test_it_polls_and_goes_on_polling(poller: Any, database: Database) -> None:
    async with poller() as (first, _):
        await until(lambda: first.polls)
        taken_until = (await database(Lease.objects.get)).until
        await TelegramServer().until_async(lambda: _renewed(database, taken_until))
        assert first.polls


async def _renewed(database: Database, before: Any) -> bool:
    return bool((await database(Lease.objects.get)).until > before)


async def test_the_second_waits_and_takes_over_at_an_orderly_end(poller: Any) -> None:
    async with poller(lasts_s=60.0) as (first, first_lease):
        await until(lambda: first.polls)
        async with poller(lasts_s=60.0) as (second, second_lease):
            first.task.cancel()
            await asyncio.wait([first.task])
            assert not second.polls
            await first_lease.release()
            second_lease.wake()  # as PostgreSQL's notice does
            await until(lambda: second.polls)


async def test_the_second_takes_over_when_the_first_is_heard_of_no_more(
    poller: Any, database: Database
) -> None:
    assert await database(mailbox.hold_lease, NAME, "dead:1:x", timedelta(seconds=1))
    async with poller() as (second, _):
        await until(lambda: second.polls)
        assert (await database(Lease.objects.get)).holder != "dead:1:x"


async def test_it_stops_when_somebody_else_has_it(poller: Any, database: Database) -> None:
    async with poller() as (first, _):
        await until(lambda: first.polls)
        await database(Lease.objects.filter(pk=NAME).update, holder="thief:1:x")
        await until(lambda: not first.polls)


async def test_it_stops_when_the_lease_cannot_be_renewed_in_time(
    poller: Any, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> bool:
        raise OperationalError("away")

    async with poller() as (first, _):
        await until(lambda: first.polls)
        with monkeypatch.context() as patch:
            patch.setattr(mailbox, "hold_lease", away)
            await until(lambda: not first.polls)
        await until(lambda: first.polls)
        assert not await database(mailbox.hold_lease, NAME, "other:1:x", LONG)
