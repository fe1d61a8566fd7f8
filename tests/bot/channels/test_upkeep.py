"""What happens by itself goes on whatever one duty does."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.database import Database
from bot.channels.upkeep import Upkeep

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_duty_that_fails_is_tried_again_and_keeps_no_other_from_its_turn() -> None:
    done: list[str] = []
    enough = asyncio.Event()
    loop = asyncio.get_running_loop()

    def breaks() -> int:
        done.append("breaks")
        raise RuntimeError("no")

    def works() -> int:
        done.append("works")
        if done.count("works") == 2:
            loop.call_soon_threadsafe(enough.set)
        return 1

    database = Database(1)
    upkeep = Upkeep(database, breaks, works, every_s=0.01)
    upkeep.start()
    await asyncio.wait_for(enough.wait(), 20)
    await upkeep.stop()
    assert done[:4] == ["breaks", "works", "breaks", "works"]
    await asyncio.to_thread(database.close)
