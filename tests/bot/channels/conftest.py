"""The mailbox and Telegram channels running in the test's own loop, with an echo for Rasa."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from rasa.core.channels.channel import UserMessage

from bot.channels.mailbox import Runtime
from bot.channels.telegram import start_telegram
from tests.telegram_people import Person
from tests.telegram_server import TOKEN, TelegramServer

Hear = Callable[[UserMessage], Awaitable[Any]]
Assistant = Callable[..., Any]


async def echo(message: UserMessage) -> None:
    """Stands in for Rasa: says what it heard."""
    await message.output_channel.send_response(message.sender_id, {"text": f"echo {message.text}"})


def database_url() -> str:
    """The ``DATABASE_URL`` of the test's own database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    named = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(named._replace(path=f"/{name}"))


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
def amina(server: TelegramServer) -> Person:
    return server.person(501)


@pytest.fixture
def assistant(
    server: TelegramServer, set_settings: Any, transactional_db: None
) -> Callable[..., Any]:
    """``async with assistant(hear): ...`` - the channels against the local Bot API server."""
    set_settings(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=server.url)

    @asynccontextmanager
    async def running(
        hear: Hear = echo, is_ready: Callable[[], bool] = lambda: True
    ) -> AsyncIterator[Runtime]:
        runtime = Runtime(hear, is_ready)
        await runtime.start()
        start_telegram(runtime)
        try:
            yield runtime
        finally:
            await runtime.stop()

    return running
