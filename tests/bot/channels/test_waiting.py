"""Whoever waits in a loop without end can be stopped at any moment, also at that of a notice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.polling_lease import PollingLease
from bot.channels.telegram_unread import UnreadUpdates
from wegweiser import waiting
from wegweiser.waiting import ended, woken


async def nothing_to_read(*_: object) -> list[Any]:
    return []


async def not_ours(*_: object) -> bool:
    return False


async def never() -> None:
    raise AssertionError("the lease is never ours")


def reading() -> tuple[asyncio.Task[None], Callable[[], None]]:
    unread = UnreadUpdates(nothing_to_read, beside=lambda _: None)  # type: ignore[arg-type]
    return asyncio.ensure_future(unread.read_for_ever()), unread.wake


def standing_by() -> tuple[asyncio.Task[None], Callable[[], None]]:
    lease = PollingLease(not_ours)  # type: ignore[arg-type]
    return asyncio.ensure_future(lease.run(never, lambda: None)), lease.wake


@pytest.mark.parametrize("begin", [reading, standing_by])
@pytest.mark.parametrize("later", range(6))
async def test_told_and_stopped_at_the_same_moment_it_stops(
    begin: Callable[[], tuple[asyncio.Task[None], Callable[[], None]]], later: int
) -> None:
    task, wake = begin()
    for _ in range(20):
        await asyncio.sleep(0)
    wake()
    for _ in range(later):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=2)
    assert done == {task}
    assert task.cancelled()


async def test_it_says_whether_the_event_came() -> None:
    event = asyncio.Event()
    assert not await woken(event, 0.01)
    asyncio.get_running_loop().call_later(0.01, event.set)
    assert await woken(event, 10)


async def test_who_forgets_to_end_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "CANCEL_AGAIN_AFTER_S", 0.01)
    told = 0

    async def forgetful() -> None:
        nonlocal told
        while told < 3:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                told += 1

    task = asyncio.ensure_future(forgetful())
    await asyncio.sleep(0)
    await asyncio.wait_for(ended(task), 5)
    assert told == 3
    assert task.done()
