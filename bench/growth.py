"""``python -m bench.growth``: does it get slower as it is used?

A database with so many conversations, some of them with a long history; people write one at a
time, those with a history and those who came just now in turn. Prints the size of the database and
the milliseconds to the first answer.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

CONVERSATIONS = (0, 1_000, 10_000, 100_000)
MESSAGES_EACH = 6
HISTORIES = (0, 100, 1_000, 5_000)
"""Messages that a conversation had before; 0 is somebody who came a minute ago."""
PEOPLE = 12
"""With each history."""
WARM_UP, TIMES = 2, 6
CHUNK = 5_000
AGO = timedelta(hours=1)
SEED = 20261123
FIRST_CHAT = 10_000


def chat_of(history: int, person: int) -> int:
    """The chat of somebody with that history."""
    return FIRST_CHAT + HISTORIES.index(history) * 1_000 + person


def fill(conversations: int) -> None:
    """Write them, and the long histories, in bulk."""
    import django

    django.setup()
    from django.utils import timezone

    from desk import mailbox
    from desk.models import Conversation, Message
    from wegweiser.encryption import lookup_hash

    draw = random.Random(SEED)
    for first in range(0, conversations, CHUNK):
        made = Conversation.objects.bulk_create(
            Conversation(
                channel="telegram",
                address=f"other-{n}",
                address_hash=lookup_hash("telegram", f"other-{n}"),
                language="ar",
                host_country="CH",
            )
            for n in range(first, min(first + CHUNK, conversations))
        )
        for one in made:
            mailbox.save_tracker(one.pk, {"version": 1, "slots": {}, "loop": None, "events": []})
        _write([(one.pk, MESSAGES_EACH) for one in made], draw)
    for history in HISTORIES:
        talks = [
            (mailbox.conversation_for("telegram", str(chat_of(history, person))).pk, history)
            for person in range(PEOPLE)
            if history
        ]
        _write(talks, draw)
    # Written in a minute they would be a flood, which is answered otherwise.
    Message.objects.update(created_at=timezone.now() - AGO)


def _write(talks: Sequence[tuple[str, int]], draw: random.Random) -> None:
    from django.db import transaction

    from desk.models import Message

    rows = [
        Message(
            conversation_id=conversation,
            key=f"bench:{conversation}:{n}",
            direction="out" if n % 2 else "in",
            author="assistant" if n % 2 else "person",
            text="x" * draw.randrange(20, 400),
            state="sent" if n % 2 else "done",
        )
        for conversation, messages in talks
        for n in range(messages)
    ]
    with transaction.atomic():
        Message.objects.bulk_create(rows, batch_size=500)


async def measure(folder: Path) -> dict[int, float]:
    """Milliseconds (median) by history."""
    from bench.peers import ours
    from tests.telegram_server import TelegramServer

    chats = [chat_of(history, person) for person in range(PEOPLE) for history in HISTORIES]
    async with TelegramServer() as telegram, ours(folder, telegram) as peer:
        for _ in range(WARM_UP):
            await peer.load.one_at_a_time(chats)
        taken: dict[int, list[float]] = {history: [] for history in HISTORIES}
        for _ in range(TIMES):
            found = await peer.load.one_at_a_time(chats)
            for at, seconds in enumerate(found.answered):
                taken[HISTORIES[at % len(HISTORIES)]].append(seconds * 1000)
    return {history: statistics.median(seconds) for history, seconds in taken.items()}


def main() -> int:
    """A row for each number of conversations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, nargs="+", default=CONVERSATIONS)
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill is not None:
        fill(options.fill)
        return 0
    from cryptography.fernet import Fernet

    os.environ.update(
        SECRET_KEY="bench-only-" + "x" * 40,
        LOOKUP_KEY="bench-only-" + "y" * 40,
        FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(),
        DJANGO_SETTINGS_MODULE="desk.django_settings",
    )
    print("conversations        MB   first answer, ms (median), by messages before:", *HISTORIES)
    for conversations in options.conversations:
        with tempfile.TemporaryDirectory(prefix="wegweiser-bench-") as name:
            folder = Path(name)
            database = folder / "system.db"
            own = os.environ | {"DATABASE_URL": f"sqlite:///{database}"}
            for command in (
                ["manage.py", "migrate", "--verbosity", "0"],
                ["-m", "bench.growth", "--fill", str(conversations)],
            ):
                subprocess.run([sys.executable, *command], env=own, check=True)
            megabytes = sum(path.stat().st_size for path in folder.glob("system.db*")) / 1e6
            found = asyncio.run(measure(folder))
        cells = "".join(f"{milliseconds:8.1f}" for milliseconds in found.values())
        print(f"{conversations:13,} {megabytes:9.1f} {cells}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
