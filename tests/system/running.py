"""The real thing: all processes, on a database and ports of their own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import httpx

from tests.telegram_server import TOKEN, TelegramServer
from wegweiser.launch.prepare import QUIET, ensure_model
from wegweiser.launch.processes import WEBHOOK_PATH, Process, healthy, processes
from wegweiser.settings import ROOT, settings

START_WITHIN_S = 300


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Wegweiser:
    """The processes. ``start`` and ``kill`` work on one of them by name or on all.

    With a ``webhook_secret`` Telegram brings updates to the webhook's process; else the bot polls.
    """

    folder: Path
    telegram: TelegramServer
    database_url: str = ""
    webhook_secret: str = ""
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    logs: dict[str, IO[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.database_url = self.database_url or f"sqlite:///{self.folder / 'system.db'}"
        self.own = replace(
            settings(),
            desk_port=free_port(),
            assistant_port=free_port(),
            actions_port=free_port(),
            webhook_port=free_port(),
            telegram_bot_token=TOKEN,
        )
        if self.webhook_secret:
            self.own = replace(
                self.own,
                telegram_webhook_url=f"http://127.0.0.1:{self.own.webhook_port}{WEBHOOK_PATH}",
                telegram_webhook_secret=self.webhook_secret,
            )
        self.environment = {
            **os.environ,
            **QUIET,
            "DATABASE_URL": self.database_url,
            "DESK_PORT": str(self.own.desk_port),
            "ASSISTANT_PORT": str(self.own.assistant_port),
            "ACTIONS_PORT": str(self.own.actions_port),
            "WEBHOOK_PORT": str(self.own.webhook_port),
            "TELEGRAM_WEBHOOK_URL": self.own.telegram_webhook_url,
            "TELEGRAM_WEBHOOK_SECRET": self.own.telegram_webhook_secret,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram.url,
        }

    @property
    def desk(self) -> str:
        return f"http://127.0.0.1:{self.own.desk_port}"

    def manage(self, *arguments: str) -> str:
        """One of Django's commands on this database; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def wanted(self) -> dict[str, Process]:
        return {one.name: one for one in processes(self.own, ensure_model())}

    def start(self, *names: str) -> None:
        wanted = self.wanted()
        for name in names or wanted:
            self.logs[name] = (self.folder / f"{name}.log").open("ab")
            self.children[name] = subprocess.Popen(
                wanted[name].arguments,
                cwd=ROOT,
                env=self.environment,
                stdout=self.logs[name],
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    async def ready(self) -> float:
        """Wait until all that run are healthy; returns the seconds it took."""
        started = time.monotonic()
        waiting = [one for name, one in self.wanted().items() if name in self.children]
        while waiting:
            for name, child in self.children.items():
                assert child.poll() is None, f"{name} ended:\n{self.log(name)[-3000:]}"
            took = time.monotonic() - started
            assert took < START_WITHIN_S, "\n".join(self.log(one.name)[-2000:] for one in waiting)
            waiting = [one for one in waiting if not await asyncio.to_thread(healthy, one.health)]
            await asyncio.sleep(0.1)
        return time.monotonic() - started

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def kill(self, *names: str, how: signal.Signals = signal.SIGKILL) -> None:
        for name in names or tuple(self.children):
            child = self.children.pop(name)
            with suppress(ProcessLookupError):  # it ended by itself
                os.killpg(child.pid, how)
            child.wait(timeout=30)
            self.logs.pop(name).close()

    async def backlog(self) -> dict[str, int]:
        """How many messages wait in each direction."""
        address = self.wanted_health
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(address, timeout=10)
        found: dict[str, int] = answer.json()["backlog"]
        return found

    @property
    def wanted_health(self) -> str:
        return f"http://127.0.0.1:{self.own.assistant_port}/webhooks/mailbox/health"

    def resident_mb(self) -> dict[str, float]:
        """Resident memory of each process with its children, in MB."""
        return {name: resident_mb(child.pid) for name, child in self.children.items()}


def resident_mb(group: int) -> float:
    """Resident memory of all processes of a group, in MB."""
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
            if os.getpgid(int(status.parent.name)) != group:
                continue
        except (OSError, ProcessLookupError):
            continue
        for line in text.splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1]) / 1024
    return total
