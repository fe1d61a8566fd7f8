"""The processes of a run: started, killed with ``kill -9`` and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from tests.system.running import Wegweiser
from tests.telegram_server import TelegramServer
from wegweiser.launch.processes import healthy
from wegweiser.settings import ROOT

NAMES = ("bot", "actions", "desk")
WEBHOOK = "webhook"
SECRET = "faults-secret-" * 3
LOAD_WITHIN_S = 400.0
"""Importing Rasa takes seven seconds, on a machine with much else to do minutes."""


class House(Protocol):
    """What a run needs of the processes, light or real."""

    wegweiser: Wegweiser
    names: tuple[str, ...]

    async def open(self) -> None: ...
    async def start(self, name: str) -> None: ...
    async def kill(self, name: str) -> None: ...
    async def close(self) -> None: ...


class RealHouse:
    """The system as it is, with Rasa and its model: some twenty seconds until the bot answers."""

    def __init__(self, folder: Path, telegram: TelegramServer, *, webhook: bool = False) -> None:
        self.wegweiser = _wegweiser(folder, telegram, webhook)
        self.names = _names(webhook)

    async def open(self) -> None:
        await asyncio.to_thread(self.wegweiser.manage, "migrate", "--verbosity", "0")
        for name in self.names:
            await self.start(name)

    async def start(self, name: str) -> None:
        await asyncio.to_thread(self.wegweiser.start, name)

    async def kill(self, name: str) -> None:
        await asyncio.to_thread(self.wegweiser.kill, name)

    async def close(self) -> None:
        await asyncio.to_thread(self.wegweiser.kill)


class LightHouse:
    """Forked processes (``bench.faults.nursery``): killed and running again within a second.

    ``limit`` is ``MESSAGES_PER_MINUTE``. So many are killed that the real limit would be met by
    mere catching up, and messages that are read together can't be told apart.
    """

    def __init__(
        self,
        folder: Path,
        telegram: TelegramServer,
        *,
        webhook: bool = False,
        limit: int = 1000,
    ) -> None:
        self._limit = limit
        self.wegweiser = _wegweiser(folder, telegram, webhook)
        self.names = _names(webhook)
        self._nursery: asyncio.subprocess.Process | None = None
        self._running: dict[str, int] = {}
        self._asking = asyncio.Lock()

    async def open(self) -> None:
        await asyncio.to_thread(self.wegweiser.manage, "migrate", "--verbosity", "0")
        log = (self.wegweiser.folder / "processes.log").open("ab")
        self._nursery = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.faults.nursery"),
            cwd=ROOT,
            env=self.wegweiser.environment | {"MESSAGES_PER_MINUTE": str(self._limit)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        await asyncio.wait_for(self._answer(), LOAD_WITHIN_S)
        for name in self.names:
            await self.start(name)

    async def _answer(self) -> str:
        assert self._nursery is not None
        assert self._nursery.stdout is not None
        line = await self._nursery.stdout.readline()
        assert line, f"the nursery ended; see {self.wegweiser.folder / 'processes.log'}"
        return line.decode().strip()

    async def start(self, name: str) -> None:
        assert self._nursery is not None
        assert self._nursery.stdin is not None
        async with self._asking:
            self._nursery.stdin.write(f"{name}\n".encode())
            await self._nursery.stdin.drain()
            self._running[name] = int(await self._answer())

    async def kill(self, name: str) -> None:
        await asyncio.to_thread(_kill, self._running.pop(name))

    async def close(self) -> None:
        for name in tuple(self._running):
            await self.kill(name)
        if self._nursery is not None:
            self._nursery.kill()
            await self._nursery.wait()


def _wegweiser(folder: Path, telegram: TelegramServer, webhook: bool) -> Wegweiser:
    return Wegweiser(folder, telegram, webhook_secret=SECRET if webhook else "")


def _names(webhook: bool) -> tuple[str, ...]:
    return (*NAMES, WEBHOOK) if webhook else NAMES


def _kill(number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)
    while Path(f"/proc/{number}").exists():
        time.sleep(0.005)


def address_of(house: House, name: str) -> str:
    """Where a process says that it can work."""
    own = house.wegweiser.own
    return {
        "bot": f"http://127.0.0.1:{own.assistant_port}/webhooks/mailbox/health",
        "actions": f"http://127.0.0.1:{own.actions_port}/health",
        "desk": f"http://127.0.0.1:{own.desk_port}/health",
        WEBHOOK: f"http://127.0.0.1:{own.webhook_port}/health",
    }[name]


async def until_healthy(house: House, name: str, within_s: float = 120.0) -> None:
    """Wait for a process.

    Raises:
        AssertionError: it did not answer in time.
    """
    deadline = time.monotonic() + within_s
    while not await asyncio.to_thread(healthy, address_of(house, name)):
        assert time.monotonic() < deadline, f"{name} did not answer within {within_s} s"
        await asyncio.sleep(0.1)
