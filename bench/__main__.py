"""``make bench``: ours and stock Rasa in one run, behind the same local Bot API server.

They are measured in turn, again and again; medians of the rounds are compared. Stock Rasa twice:
with our dialogue, so that both do the same, and as a first assistant that says one text to each
intent and calls nothing (`bench.stock.project`). `--steady 300`
adds Telegram's own ceiling, thirty messages a second, for as many seconds (ours alone).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from math import nan
from pathlib import Path

from bench import report
from bench.figures import quantile

CHATS = 240
ALONE = 120
WARM_UP = 24
PER_SECOND = 30.0
STEADY_CHATS = 900
"""Each writes every thirty seconds, slower than the limit for one person."""

Figures = dict[str, float]


async def measure(open_peer: Callable[..., AbstractAsyncContextManager[object]]) -> Figures:
    """Start, write one at a time, write all at once."""
    from bench.peers import Peer
    from tests.telegram_server import TelegramServer

    with tempfile.TemporaryDirectory(prefix="wegweiser-bench-") as folder:
        async with TelegramServer() as telegram, open_peer(Path(folder), telegram) as peer:
            assert isinstance(peer, Peer)
            chats = range(10_000, 10_000 + CHATS)
            await peer.load.one_at_a_time(chats[:WARM_UP])
            await peer.load.at_once(chats)  # greets everybody: what follows are conversations
            alone = await peer.load.one_at_a_time(chats[:ALONE])
            full = await peer.load.at_once(chats)
            probed = (await peer.load.at_once_and_probed(chats)).probed
            return {
                "ready after start, s": peer.ready_s,
                "alone, p50, ms": statistics.median(alone.answered) * 1000,
                "alone, p95, ms": quantile(alone.answered, 0.95) * 1000,
                "alone, p99, ms": quantile(alone.answered, 0.99) * 1000,
                "saturated, messages/s": full.per_second,
                "saturated, p50, ms": statistics.median(full.answered) * 1000,
                "saturated, p95, ms": quantile(full.answered, 0.95) * 1000,
                "saturated, p99, ms": quantile(full.answered, 0.99) * 1000,
                "saturated, webhook p50, ms": statistics.median(full.acknowledged) * 1000,
                "saturated, webhook p99, ms": quantile(full.acknowledged, 0.99) * 1000,
                # Stock Rasa refuses an update that is no message: of it there is nothing to tell.
                "while saturated, webhook p99, ms": quantile(probed or [nan], 0.99) * 1000,
                "memory, MB": peer.memory_mb,
            }


async def steadily(
    open_peer: Callable[..., AbstractAsyncContextManager[object]], seconds: int
) -> Figures:
    """Thirty a second; the queue grows when the second half waits longer than the first."""
    from bench.peers import Peer
    from tests.telegram_server import TelegramServer

    with tempfile.TemporaryDirectory(prefix="wegweiser-bench-") as folder:
        async with TelegramServer() as telegram, open_peer(Path(folder), telegram) as peer:
            assert isinstance(peer, Peer)
            chats = range(20_000, 20_000 + STEADY_CHATS)
            await peer.load.steadily(chats, PER_SECOND / 2)
            number = int(PER_SECOND * seconds)
            found = await peer.load.steadily(
                (chats[at % STEADY_CHATS] for at in range(number)), PER_SECOND
            )
    half = found.first_at + seconds / 2
    pairs = list(zip(found.posted_at, found.answered, strict=True))
    return {
        f"{PER_SECOND:.0f}/s for {seconds} s, p50, ms": statistics.median(found.answered) * 1000,
        f"{PER_SECOND:.0f}/s for {seconds} s, p95, ms": quantile(found.answered, 0.95) * 1000,
        "first half, p95, ms": quantile([took for at, took in pairs if at < half], 0.95) * 1000,
        "second half, p95, ms": quantile([took for at, took in pairs if at >= half], 0.95) * 1000,
        "webhook p99, ms": quantile(found.acknowledged, 0.99) * 1000,
    }


def main() -> int:
    """Print the table, keep table and plot in ``var/bench``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-stock", action="store_true", help="ours alone")
    parser.add_argument("--steady", type=int, default=0, metavar="SECONDS")
    parser.add_argument("--bots", type=int, default=1, help="more than one: on PostgreSQL")
    options = parser.parse_args()
    # Settings of its own: a bench never touches the real database or the real bot.
    from cryptography.fernet import Fernet

    os.environ.update(
        SECRET_KEY="bench-only-" + "x" * 40,
        LOOKUP_KEY="bench-only-" + "y" * 40,
        FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(),
    )
    from bench import peers

    open_ours = peers.ours if options.bots == 1 else peers.several(options.bots)
    stock = {"stock, same": peers.stock_same, "stock, first": peers.stock}
    wanted = {"ours": open_ours} | ({} if options.no_stock else stock)
    rounds: dict[str, list[Figures]] = defaultdict(list)
    for number in range(options.rounds):
        for name, open_peer in wanted.items():
            rounds[name].append(asyncio.run(measure(open_peer)))
            print(f"round {number + 1}, {name}: {report.line(rounds[name][-1])}", flush=True)
    report.compare(rounds)
    if not options.no_stock:
        from bench import training

        training.main()
    if options.steady:
        report.table({"ours": asyncio.run(steadily(open_ours, options.steady))})
    return 0


if __name__ == "__main__":
    sys.exit(main())
