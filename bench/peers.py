"""The two that are compared, each as processes of its own behind the same local Bot API server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.load import Load
from bench.postgres import postgresql
from bench.stock.project import ENDPOINTS, QUIET, ROOT, Project, ensure_trained, first, same
from tests.system.running import Wegweiser, free_port, resident_mb
from tests.telegram_server import BOT, TOKEN, TelegramServer

SECRET = "bench-secret-" * 3
START_WITHIN_S = 300.0
EPOCHS = 3
"""Of training stock Rasa: what is measured here does not depend on how well it understands."""


@dataclass
class Peer:
    """One that runs: where to write to, how long it took to start, and what it takes of memory."""

    load: Load
    ready_s: float
    groups: dict[str, int]
    """Process groups by name."""

    @property
    def memory_mb(self) -> float:
        return sum(resident_mb(group) for group in self.groups.values())


@asynccontextmanager
async def ours(
    folder: Path, telegram: TelegramServer, database_url: str = "", bots: int = 1
) -> AsyncIterator[Peer]:
    """Wegweiser as `make run` starts it, with a webhook; ``bots`` beyond one need PostgreSQL."""
    first = Wegweiser(folder, telegram, database_url, SECRET)
    house = [first]
    for number in range(1, bots):
        (folder / str(number)).mkdir()
        house.append(Wegweiser(folder / str(number), telegram, database_url, SECRET))
    first.manage("migrate", "--verbosity", "0")
    try:
        first.start()
        ready = await first.ready()
        for one in house[1:]:
            one.start("webhook", "bot", "actions")
            await one.ready()
        groups = {
            f"{name} {number}": child.pid
            for number, one in enumerate(house)
            for name, child in one.children.items()
        }
        webhooks = [one.own.telegram_webhook_url for one in house]
        yield Peer(Load(telegram, webhooks, SECRET), ready, groups)
    finally:
        for one in house:
            one.kill()


@asynccontextmanager
async def stock(folder: Path, telegram: TelegramServer) -> AsyncIterator[Peer]:
    """A first assistant on stock Rasa: an answer to each intent, no actions, nothing remembered."""
    async with _stock(first(), folder, telegram, "", {}) as peer:
        yield peer


@asynccontextmanager
async def stock_same(folder: Path, telegram: TelegramServer) -> AsyncIterator[Peer]:
    """Our dialogue on stock Rasa, with our action server."""
    acting = Wegweiser(folder, telegram)
    acting.manage("migrate", "--verbosity", "0")
    try:
        acting.start("actions")
        await acting.ready()
        endpoints = ENDPOINTS.format(port=acting.own.actions_port)
        groups = {"actions": acting.children["actions"].pid}
        async with _stock(same(), folder, telegram, endpoints, groups) as peer:
            yield peer
    finally:
        acting.kill()


@asynccontextmanager
async def _stock(
    project: Project, folder: Path, telegram: TelegramServer, endpoints: str, groups: dict[str, int]
) -> AsyncIterator[Peer]:
    """Rasa with its default pipeline, its memory and its own Telegram channel."""
    model = ensure_trained(project, EPOCHS)
    port = free_port()
    (folder / "credentials.yml").write_text(
        "bench.stock.channel.LocalTelegram:\n"
        f'  access_token: "{TOKEN}"\n  verify: "{BOT["username"]}"\n'
        f'  webhook_url: "{_webhook(port)}"\n'
    )
    (folder / "endpoints.yml").write_text(endpoints)
    log = (folder / "stock.log").open("wb")
    started = time.monotonic()
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rasa", "run", "--model", str(model), "--port", str(port)),
        *("--interface", "127.0.0.1", "--credentials", str(folder / "credentials.yml")),
        *("--endpoints", str(folder / "endpoints.yml")),
        cwd=project.folder,
        env={**os.environ, **QUIET, "PYTHONPATH": str(ROOT), "TELEGRAM_API_URL": telegram.url},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        await _until_loaded(port, started)
        load = Load(telegram, [_webhook(port)])
        yield Peer(load, time.monotonic() - started, {"rasa": child.pid, **groups})
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        await child.wait()
        log.close()


def _webhook(port: int) -> str:
    return f"http://127.0.0.1:{port}/webhooks/telegram/webhook"


async def _until_loaded(port: int, started: float) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        while True:
            assert time.monotonic() - started < START_WITHIN_S, "stock Rasa did not start"
            try:
                answer = await http.get(f"http://127.0.0.1:{port}/")
                if answer.status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)


def several(bots: int) -> Callable[..., AbstractAsyncContextManager[Peer]]:
    """Ours with so many bots and action servers on one PostgreSQL, and one desk."""

    @asynccontextmanager
    async def on_postgres(folder: Path, telegram: TelegramServer) -> AsyncIterator[Peer]:
        with postgresql() as url:
            async with ours(folder, telegram, url, bots) as peer:
                yield peer

    return on_postgres
