"""The webhook's process knocks, the bot hears it, and nobody is hurt when nobody hears."""

from __future__ import annotations

import asyncio
import logging
import socket

import pytest

from bot.channels.knocks import knocks
from bot.webhook.knock import Knock


def bound() -> socket.socket:
    """A datagram port that is in use."""
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("127.0.0.1", 0))
    return door


def free_port() -> int:
    with bound() as door:
        return int(door.getsockname()[1])


async def test_a_knock_is_heard_while_somebody_listens() -> None:
    port, heard = free_port(), asyncio.Event()
    knock = Knock(port)
    knock()  # nobody is there yet
    async with knocks(port, heard.set):
        await asyncio.sleep(0)
        assert not heard.is_set()
        await asyncio.to_thread(knock)
        await asyncio.wait_for(heard.wait(), 5)
    heard.clear()
    async with knocks(port, heard.set):
        knock()
        await asyncio.wait_for(heard.wait(), 5)
    knock()  # nobody is there any more
    knock.close()
    knock()


async def test_a_port_in_use_is_said_and_the_bot_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with bound() as taken, caplog.at_level(logging.ERROR):
        port = taken.getsockname()[1]
        async with knocks(port, lambda: None):
            pass
    assert f"port={port}" in caplog.text
    assert "ASSISTANT_PORT" in caplog.text
