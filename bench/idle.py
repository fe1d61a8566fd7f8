"""``python -m bench.idle``: what bot, actions and desk cost while nobody writes."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

SETTLE_S = 15.0
MEASURE_S = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(group: int) -> float:
    """Processor time of all processes of a group so far."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[2]) == group:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


async def measure(folder: Path) -> dict[str, float]:
    """Per cent of one core for each process."""
    from tests.system.running import Wegweiser
    from tests.telegram_server import TelegramServer

    async with TelegramServer() as telegram:
        running = Wegweiser(folder, telegram)
        running.manage("migrate", "--verbosity", "0")
        running.start()
        try:
            await running.ready()
            await asyncio.sleep(SETTLE_S)
            began = time.monotonic()
            before = {name: cpu_seconds(one.pid) for name, one in running.children.items()}
            await asyncio.sleep(MEASURE_S)
            took = time.monotonic() - began
            return {
                name: (cpu_seconds(one.pid) - before[name]) / took * 100
                for name, one in running.children.items()
            }
        finally:
            running.kill()


def main() -> int:
    """Print the figures."""
    from cryptography.fernet import Fernet

    os.environ.update(
        SECRET_KEY="idle-only-" + "x" * 40,
        LOOKUP_KEY="idle-only-" + "y" * 40,
        FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(),
    )
    with tempfile.TemporaryDirectory(prefix="wegweiser-idle-") as folder:
        figures = asyncio.run(measure(Path(folder)))
    for name, share in (figures | {"together": sum(figures.values())}).items():
        print(f"{name:<10} {share:5.2f} % of one core")
    return 0


if __name__ == "__main__":
    sys.exit(main())
