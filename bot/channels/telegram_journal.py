"""Which messages had begun to go out when a process died: the difference between lost and doubled.

A row is "sending" in the database before it is sent. After ``kill -9`` that alone cannot tell a
message that is on its way from one that never left, and sending either again,
or neither, would be wrong for the other. So the moment before the body goes out a line goes into a
small file, which outlives the process (a write to the page cache, microseconds). What is
"sending" but not in the file was certainly not sent, and waits again.

Where the file cannot tell (another machine, a restart of the machine) every message
counts as begun: it is marked "perhaps sent" and not sent twice.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from bot.channels.lease import HOST, is_dead_here
from wegweiser.settings import VAR

FOLDER = VAR / "sending"
BOOT = Path("/proc/sys/kernel/random/boot_id")
MAX_BYTES = 1_000_000
KEEP_S = 86_400

now_sending: ContextVar[str | None] = ContextVar("now_sending", default=None)
"""``<message id>:<attempt>:<part>`` of what this task is sending."""


class Journal:
    """The file of this process."""

    def __init__(self, folder: Path = FOLDER) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        self._path = _path(folder, os.getpid())
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        self._size = 0

    def begins_what_is_sent(self) -> None:
        """The body of a request is about to be written; if it is a message, that has begun.

        Headers alone are none: what died after them and before the body was surely not sent.
        """
        entry = now_sending.get()
        if entry is not None:
            self.begins(entry)

    def begins(self, entry: str) -> None:
        """The body of this message is about to be written."""
        line = f"{entry}\n".encode("ascii")
        os.write(self._file, line)
        self._size += len(line)

    def nothing_is_sent(self) -> None:
        """All that was begun is settled: start a new page when this one is long."""
        if self._size > MAX_BYTES:
            os.ftruncate(self._file, 0)
            self._size = 0

    def close(self) -> None:
        """An orderly end: everything is settled."""
        os.close(self._file)
        self._path.unlink(missing_ok=True)


def reader(folder: Path = FOLDER) -> Callable[[str, int, int, int], bool]:
    """Whether a dead process of this machine had begun: (its name, message, attempt, part)."""

    @lru_cache(maxsize=64)
    def begun_by(pid: str) -> frozenset[str] | None:
        try:
            return frozenset(_path(folder, int(pid)).read_text("ascii").split())
        except (OSError, ValueError):
            return None

    def had_begun(owner: str, message_id: int, attempt: int, part: int) -> bool:
        host, _, rest = owner.partition(":")
        entries = begun_by(rest.partition(":")[0]) if host == HOST else None
        return entries is None or f"{message_id}:{attempt}:{part}" in entries

    return had_begun


def _sweep(folder: Path) -> None:
    """Files of the long dead: what they were sending was settled when the next process started."""
    for path in folder.glob(f"{HOST}-*"):
        with suppress(FileNotFoundError):  # another process that starts sweeps, too
            is_old = path.stat().st_mtime < time.time() - KEEP_S
            if is_old and is_dead_here(f"{HOST}:{path.name.rpartition('-')[2]}"):
                path.unlink()


def _path(folder: Path, pid: int) -> Path:
    # The page cache does not outlive the machine: a file of an earlier boot tells nothing.
    boot = BOOT.read_text("ascii").strip()[:8] if BOOT.exists() else "unknown"
    return folder / f"{HOST}-{boot}-{pid}"
