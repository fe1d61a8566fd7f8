"""What has to be true of the machine; each refusal is one sentence that says what to do."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from collections.abc import Collection

from wegweiser.settings import ROOT, VAR, Settings

NEEDED_MB = 700
"""Model, encoder and a growing database; the environment itself is installed by then."""


class Refusal(Exception):
    """Wegweiser cannot start; the text says why and what to do."""


def check_machine(own: Settings, *, ports: Collection[str]) -> None:
    """Refuse early, before anything half-starts.

    Args:
        own: the settings.
        ports: the processes that are to start, whose ports have to be free.

    Raises:
        Refusal: too little disk, a folder that can't be written, or a port in use.
    """
    free_mb = shutil.disk_usage(ROOT).free // 2**20
    if free_mb < NEEDED_MB:
        raise Refusal(
            f"Only {free_mb} MB are free on the disk of {ROOT}; free at least {NEEDED_MB} MB."
        )
    try:
        VAR.mkdir(exist_ok=True)
        (VAR / ".writable").touch()
    except OSError as error:
        raise Refusal(
            f"The folder {VAR} can't be written ({error.strerror}); make it yours."
        ) from error
    if sqlite3.sqlite_version_info < (3, 31):
        raise Refusal(f"SQLite {sqlite3.sqlite_version} is too old; 3.31 or newer is needed.")
    for process, name, host, port in (
        ("desk", "DESK_PORT", own.desk_host, own.desk_port),
        ("bot", "ASSISTANT_PORT", "127.0.0.1", own.assistant_port),
        ("actions", "ACTIONS_PORT", "127.0.0.1", own.actions_port),
        ("webhook", "WEBHOOK_PORT", "127.0.0.1", own.webhook_port),
    ):
        if process in ports:
            _check_port(name, host, port)


def _check_port(name: str, host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refusal(
                f"Port {port} is in use or not allowed ({error.strerror}); stop what uses it, "
                f"or set {name} in .env to another port."
            ) from error
