"""``python -m bench.flood [--real]``: what a flood from fifty chats costs somebody else.

One person writes and waits for the answer, again and again; first alone, then while fifty others
write as fast as Telegram brings it. The light processes (``bench.faults.nursery``) by default.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
from pathlib import Path

from bench.figures import quantile

CHATS = 50
EACH = 40
"""Messages of each chat; together two thousand."""
CALM_EVERY_S = 2.5
CALM_MESSAGES = 16


async def _calm(telegram: object, chat_id: int, words: str) -> list[float]:
    """Seconds that one person waits for each answer."""
    from tests.telegram_server import TelegramServer

    assert isinstance(telegram, TelegramServer)
    person = telegram.person(chat_id, language="en")
    taken = []
    for number in range(CALM_MESSAGES):
        await asyncio.sleep(CALM_EVERY_S)
        before = len(person.heard)
        said = asyncio.get_running_loop().time()
        await person.says(f"{words}{number}" if words else "/help")
        await telegram.until(lambda: len(person.heard) > before, 60)  # noqa: B023 - awaited here
        taken.append(person.heard[before].at - said)
    return taken


async def _flood(telegram: object) -> None:
    from tests.telegram_server import TelegramServer

    assert isinstance(telegram, TelegramServer)
    people = [telegram.person(600_000 + number, language="en") for number in range(CHATS)]
    dice = random.Random(1)
    for _ in range(EACH):
        for person in dice.sample(people, CHATS):
            await person.says("/help")
        await asyncio.sleep(CALM_EVERY_S * CALM_MESSAGES / EACH)


async def measure(folder: Path, *, is_real: bool) -> dict[str, float]:
    """Waiting times alone and in the flood."""
    from bench.faults.house import NAMES, LightHouse, RealHouse, until_healthy
    from tests.telegram_server import TelegramServer

    async with TelegramServer() as telegram:
        house = RealHouse(folder, telegram) if is_real else LightHouse(folder, telegram, limit=20)
        await house.open()
        try:
            await asyncio.gather(*(until_healthy(house, name) for name in NAMES))
            words = "" if is_real else "calm "
            await _calm(telegram, 1, words)
            alone = await _calm(telegram, 2, words)
            flood = asyncio.create_task(_flood(telegram))
            among = await _calm(telegram, 3, words)
            await flood
        finally:
            await house.close()
    return {
        "alone, p50, ms": statistics.median(alone) * 1000,
        "alone, p90, ms": quantile(alone, 0.9) * 1000,
        "in the flood, p50, ms": statistics.median(among) * 1000,
        "in the flood, p90, ms": quantile(among, 0.9) * 1000,
        "times slower, p50": statistics.median(among) / statistics.median(alone),
        "messages sent to the fifty": float(sum(one.chat_id >= 600_000 for one in telegram.sent)),
    }


def main() -> int:
    """Print the figures."""
    from cryptography.fernet import Fernet

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", action="store_true", help="with Rasa and its model")
    options = parser.parse_args()
    os.environ.update(
        SECRET_KEY="flood-only-" + "x" * 40,
        LOOKUP_KEY="flood-only-" + "y" * 40,
        FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(),
    )
    with tempfile.TemporaryDirectory(prefix="wegweiser-flood-") as folder:
        figures = asyncio.run(measure(Path(folder), is_real=options.real))
    width = max(map(len, figures))
    print(f"{CHATS} chats write {CHATS * EACH} messages in {CALM_EVERY_S * CALM_MESSAGES:.0f} s")
    for name, value in figures.items():
        print(f"{name:<{width}}  {value:8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
