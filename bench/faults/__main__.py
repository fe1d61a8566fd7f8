"""``make faults`` or ``python -m bench.faults --kills 200 --seed 7 [--real]``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.faults.run import Result


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--minutes", type=float, default=12.0, help="at most, then it ends early")
    parser.add_argument("--webhook", action="store_true", help="Telegram by webhook, not polling")
    parser.add_argument("--real", action="store_true", help="with Rasa and its model")
    return parser.parse_args()


async def measure(options: argparse.Namespace, folder: Path) -> Result:
    """The run that the options ask for."""
    from bench.faults.house import LightHouse, RealHouse
    from bench.faults.run import Run, light, real
    from tests.telegram_server import TelegramServer

    make_plan, make_house = (real, RealHouse) if options.real else (light, LightHouse)
    plan = make_plan(options.kills, options.seed, options.minutes * 60)
    async with TelegramServer() as telegram:
        house = make_house(folder, telegram, webhook=options.webhook)
        return await Run(plan, house, telegram).run()


def table(result: Result) -> list[tuple[str, str]]:
    """What is printed: the figures by name."""
    count = result.count
    kills = ", ".join(f"{name} {result.kills[name]}" for name in sorted(result.kills))
    faults = ", ".join(f"{name} {times}" for name, times in sorted(result.faults.items()))
    aside = ", ".join(f"{reason} {times}" for reason, times in count.set_aside.items())
    return [
        ("seed", str(result.seed)),
        ("seconds", f"{result.seconds:.0f}"),
        ("kill -9", f"{sum(result.kills.values())} ({kills})"),
        ("faults of Telegram", faults or "none"),
        ("messages said", str(count.said)),
        ("answers", str(count.answers)),
        ("arrived once", str(count.once)),
        ("marked, arrived", str(count.perhaps_arrived)),
        ("marked, not arrived", str(count.perhaps_lost)),
        ("marked, arrived twice", str(count.marked_twice)),
        ("set aside, with apology", aside or "0"),
        ("lost", str(len(count.lost))),
        ("doubled", str(len(count.doubled))),
        ("out of order", str(len(count.out_of_order))),
    ]


def main() -> int:
    """Print the table; 1 when something was lost, doubled or out of order."""
    # Settings of its own: a run never touches the real database or the real bot.
    from cryptography.fernet import Fernet

    options = arguments()
    # The server of the test sees its callers die, and need not say so each time.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="wegweiser-faults-") as folder:
        os.environ.update(
            SECRET_KEY="faults-only-" + "x" * 40,
            LOOKUP_KEY="faults-only-" + "y" * 40,
            FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(),
            DATABASE_URL=f"sqlite:///{folder}/system.db",
            DESK_URL="",
        )
        import desk

        desk.ready()
        result = asyncio.run(measure(options, Path(folder)))
        if not result.count.is_good:
            print((Path(folder) / "processes.log").read_text("utf-8", "replace")[-4000:])
    rows = table(result)
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")
    wrong = [*result.count.lost, *result.count.doubled, *result.count.out_of_order]
    print("\n".join(wrong[:40]))
    return 0 if result.count.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
