"""All processes under one manager; each is waited for until it is healthy."""

from __future__ import annotations

import os
import shlex
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from honcho.manager import Manager

from wegweiser.launch.prepare import QUIET, say
from wegweiser.settings import ROOT, Settings

PATIENCE_S = 180
"""How long a slow machine may take until all answer."""
WEBHOOK_PATH = "/webhooks/telegram/webhook"
NAMES = ("webhook", "actions", "bot", "desk")


@dataclass(frozen=True)
class Process:
    name: str
    arguments: list[str]
    health: str
    """An address that answers 200 when the process can do its work."""


def webhook(own: Settings) -> Process:
    """Takes updates; the only one that needs neither tables of Django nor a model to start."""
    return Process(
        "webhook",
        [sys.executable, "-m", "bot.webhook"],
        f"http://127.0.0.1:{own.webhook_port}/health",
    )


def processes(own: Settings, model: Path) -> list[Process]:
    """The processes with their commands; only the desk listens beyond this machine."""
    python = sys.executable
    return [
        *([webhook(own)] if own.telegram_by_webhook else []),
        Process(
            "actions",
            [python, "-m", "actions.serve"],
            f"http://127.0.0.1:{own.actions_port}/health",
        ),
        Process(
            "bot",
            [
                *(python, "-m", "bot", "run", "--model", str(model)),
                *("--interface", "127.0.0.1", "--port", str(own.assistant_port)),
                *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
            ],
            f"http://127.0.0.1:{own.assistant_port}/webhooks/mailbox/health",
        ),
        Process(
            "desk",
            [python, "-m", "desk"],
            f"http://127.0.0.1:{own.desk_port}/health",
        ),
    ]


def run_all(own: Settings, wanted: list[Process], login: dict[str, str] | None) -> int:
    """Run until Ctrl-C or until one of the processes ends; returns the exit status."""
    manager = Manager()
    environment = {**os.environ, **QUIET, "ACTIONS_PORT": str(own.actions_port)}
    for one in wanted:
        manager.add_process(one.name, shlex.join(one.arguments), env=environment, cwd=str(ROOT))
    watcher = threading.Thread(target=_greet, args=(own, wanted, login), daemon=True)
    watcher.start()
    manager.loop()
    return int(manager.returncode or 0)


def _greet(own: Settings, wanted: list[Process], login: dict[str, str] | None) -> None:
    say("Starting (the assistant takes about 20 seconds)")
    started = time.monotonic()
    waiting = {one.name: one.health for one in wanted}
    while waiting and time.monotonic() - started < PATIENCE_S:
        waiting = {name: url for name, url in waiting.items() if not healthy(url)}
        time.sleep(0.3)
    if waiting:
        say(f"Not answering after {PATIENCE_S} s: {', '.join(waiting)}. Its lines above say why.")
        return
    took = f"{time.monotonic() - started:.0f} s"
    if not {"actions", "bot", "desk"} <= {one.name for one in wanted}:
        say(f"Ready after {took}: {', '.join(one.name for one in wanted)}. Ctrl-C stops them.")
        return
    telegram = "answers" if own.telegram_enabled else "off: set TELEGRAM_BOT_TOKEN in .env"
    if own.telegram_by_webhook:
        telegram += f" to http://127.0.0.1:{own.webhook_port}{WEBHOOK_PATH}, for your proxy"
    lines = [
        f"Wegweiser is ready after {took}.",
        f"  Chat page  {own.desk_url}/chat/",
        f"  Desk       {own.desk_url}/desk/",
        f"  Telegram   {telegram}",
    ]
    if login:
        lines += [
            "  First counsellor (shown once, change the password at the desk):",
            f"    user {login['login']}   password {login['password']}",
        ]
    lines.append("  Ctrl-C stops everything.")
    print("\n" + "\n".join(lines) + "\n", flush=True)


def healthy(address: str) -> bool:
    """Whether a process says of itself that it can work."""
    try:
        return httpx.get(address, timeout=2.0).status_code == 200
    except httpx.HTTPError:
        return False
