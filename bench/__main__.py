"""``make bench``: one message end to end, start-up and memory, through a local Bot API server."""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
from pathlib import Path

MESSAGES = 300
WARM_UP = 20
SENTENCES = (
    ("en", "How much money can I get if I go back?"),
    ("de", "Wie lange dauert das alles?"),
    ("fr", "Est-ce que je peux changer d'avis ?"),
    ("ar", "من يرى ما أكتبه هنا؟"),
    ("en", "what is REAG/GARP"),
    ("de", "Ich komme aus Georgien und habe eine Duldung"),
)


def quantile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


async def measure() -> dict[str, float]:
    """Start everything, send messages one at a time, and measure."""
    from tests.system.running import Wegweiser
    from tests.telegram_server import TelegramServer

    with tempfile.TemporaryDirectory(prefix="wegweiser-bench-") as folder:
        async with TelegramServer() as telegram:
            running = Wegweiser(Path(folder), telegram)
            running.manage("migrate", "--verbosity", "0")
            running.start()
            try:
                ready = await running.ready()
                taken = [await _one(telegram, number) for number in range(WARM_UP + MESSAGES)]
                memory = running.resident_mb()
            finally:
                running.kill()
    taken = taken[WARM_UP:]
    return {
        "ready after start, s": ready,
        "p50, ms": statistics.median(taken) * 1000,
        "p95, ms": quantile(taken, 0.95) * 1000,
        "p99, ms": quantile(taken, 0.99) * 1000,
        **{f"resident {name}, MB": size for name, size in memory.items()},
        "resident together, MB": sum(memory.values()),
    }


async def _one(telegram: object, number: int) -> float:
    """Seconds from the update to the first message that the person sees."""
    from tests.telegram_server import TelegramServer

    assert isinstance(telegram, TelegramServer)
    language, text = SENTENCES[number % len(SENTENCES)]
    person = telegram.person(10_000 + number % 60, language=language)
    before = len(person.heard)
    started = asyncio.get_running_loop().time()
    await person.says(text)
    await telegram.until(lambda: len(person.heard) > before, 30)
    return person.heard[before].at - started


def main() -> int:
    """Print the figures as a table."""
    # Settings of its own: a bench never touches the real database or the real bot.
    from cryptography.fernet import Fernet

    os.environ.update(
        SECRET_KEY="bench-only-" + "x" * 40,
        LOOKUP_KEY="bench-only-" + "y" * 40,
        FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(),
    )
    figures = asyncio.run(measure())
    width = max(map(len, figures))
    print(f"{MESSAGES} messages, one at a time, Telegram in to Telegram out")
    for name, value in figures.items():
        print(f"{name:<{width}}  {value:8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
