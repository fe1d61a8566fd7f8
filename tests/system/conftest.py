"""One running Wegweiser for all system tests, behind a local Bot API server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.system.running import Wegweiser
from tests.telegram_server import TelegramServer


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def wegweiser(telegram: TelegramServer, tmp_path_factory: object) -> AsyncIterator[Wegweiser]:
    folder: Path = tmp_path_factory.mktemp("system")  # type: ignore[attr-defined]
    running = Wegweiser(folder, telegram)
    running.manage("migrate", "--verbosity", "0")
    running.start()
    try:
        await running.ready()
        yield running
    finally:
        running.kill()
