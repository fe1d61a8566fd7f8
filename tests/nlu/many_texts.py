"""Encodes many random texts and tells how it went; run as a process of its own.

What this guards against is a crash of native code, which no ``except`` would catch.
"""

from __future__ import annotations

import json
import random
import sys
import time

from bot.nlu.encoder import OnnxEncoder
from bot.nlu.paths import ENCODER

CHUNK = 50
LONGEST = 24


def a_text(chance: random.Random) -> str:
    """Any code points, lone surrogates too; half of the texts keep to one block."""
    length = chance.randrange(LONGEST)
    if chance.random() < 0.5:
        start = chance.randrange(0, 0x10FFFF - 256)
        return "".join(chr(start + chance.randrange(256)) for _ in range(length))
    return "".join(chr(chance.randrange(0x110000)) for _ in range(length))


def main(count: int) -> None:
    """Write {"encoded": number, "slowest_s": seconds of the slowest chunk}."""
    chance = random.Random(20)
    encoder = OnnxEncoder(ENCODER)
    encoded, slowest = 0, 0.0
    while encoded < count:
        texts = [a_text(chance) for _ in range(CHUNK)]
        started = time.monotonic()
        encoded += len(encoder.encode(texts))
        slowest = max(slowest, time.monotonic() - started)
    sys.stdout.write(json.dumps({"encoded": encoded, "slowest_s": slowest}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
