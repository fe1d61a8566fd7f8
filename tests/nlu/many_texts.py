"""Encodes many texts and tells how it went; run as a process of its own.

What this guards against is a crash of native code, which no ``except`` would catch: the splitter of
another library wrote past its buffer on Arabic ligatures. So every Unicode block has its say, and
sentences of all languages are given letters as keyboards, scanners and broken programs give them.
"""

from __future__ import annotations

import json
import random
import sys
import time
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np

from bot.nlu.encoder import DIMENSIONS, OnnxEncoder
from bot.nlu.evaluate_sets import read_all
from bot.nlu.paths import ENCODER

COLUMN = 16
"""Unicode's blocks begin and end with columns of sixteen signs."""
OF_A_COLUMN, COLUMNS_TOGETHER = 4, 8
LONGEST = 24
LONG = 4000
"""Longer than what the encoder reads of a text."""
CORES = 2

PRESENTATION_FORMS = [*range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00)]
"""Arabic letters and ligatures as fonts draw them; unassigned ones too."""
COMBINING = [
    point for point in range(0x20000) if unicodedata.category(chr(point)) in {"Mn", "Mc", "Me"}
]
SURROGATES = list(range(0xD800, 0xE000))
INVISIBLE = [0, 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2066, 0x2069, 0xFEFF]
THROWN_IN = (PRESENTATION_FORMS, PRESENTATION_FORMS, COMBINING, SURROGATES, INVISIBLE)


def of_every_block() -> list[str]:
    """Some assigned signs of every column, a few columns a text."""
    columns = []
    for start in range(0, sys.maxunicode + 1, COLUMN):
        signs = [chr(point) for point in range(start, start + COLUMN)]
        assigned = [sign for sign in signs if unicodedata.category(sign) not in {"Cn", "Co"}]
        if assigned:
            columns.append("".join(assigned[:: -(-len(assigned) // OF_A_COLUMN)]))
    return [
        "".join(columns[at : at + COLUMNS_TOGETHER])
        for at in range(0, len(columns), COLUMNS_TOGETHER)
    ]


def generated(count: int, chance: random.Random) -> Iterator[str]:
    """So many texts: one of four is a sentence with odd signs, one of a hundred is long.

    Sentences cost most of the time, and signs at random have been tried often enough.
    """
    sentences = [sentence.text for one in read_all() for sentence in one.sentences]
    drawn = _as_drawn()
    for number in range(count):
        if number % 200 == 0:
            yield strange(" ".join(chance.choices(sentences, k=LONG // 40)), chance, drawn)
        elif number % 200 == 1:
            yield at_random(chance, chance.randrange(LONG))
        elif number % 4 == 2:
            yield strange(chance.choice(sentences), chance, drawn)
        else:
            yield at_random(chance, chance.randrange(LONGEST))


def at_random(chance: random.Random, length: int) -> str:
    """Any code points, lone surrogates too; half of the texts keep to one block."""
    if chance.random() < 0.5:
        start = chance.randrange(0, 0x10FFFF - 256)
        return "".join(chr(start + chance.randrange(256)) for _ in range(length))
    return "".join(chr(chance.randrange(0x110000)) for _ in range(length))


def strange(sentence: str, chance: random.Random, drawn: dict[str, list[str]]) -> str:
    """The sentence with Arabic letters as they are drawn, and with signs thrown in."""
    signs = [
        chance.choice(drawn[sign]) if sign in drawn and chance.random() < 0.5 else sign
        for sign in sentence
    ]
    for _ in range(1 + chance.randrange(2 + len(signs) // 8)):
        kind = chance.choice(THROWN_IN)
        run = "".join(chr(chance.choice(kind)) for _ in range(chance.choice((1, 1, 1, 2, 5, 20))))
        signs.insert(chance.randrange(len(signs) + 1), run)
    return "".join(signs)


def _as_drawn() -> dict[str, list[str]]:
    """Arabic letters and their presentation forms, as a text copied out of a PDF has them."""
    forms: dict[str, list[str]] = {}
    for point in PRESENTATION_FORMS:
        forms.setdefault(unicodedata.normalize("NFKC", chr(point)), []).append(chr(point))
    return forms


def main(count: int) -> None:
    """Write {"blocks", "encoded", "wrong": texts, "slowest_s", "slowest": text} as JSON.

    `wrong` are texts whose vector is not of length one, or not a vector at all.
    """
    # One thread a text, as many texts as there are cores: each text has a time of its own.
    encoder = OnnxEncoder(ENCODER, threads=1)

    def timed(text: str) -> tuple[float, str, bool]:
        # Of the processor: how busy the machine is does not count.
        started = time.thread_time()
        vectors = encoder.encode([text])
        seconds = time.thread_time() - started
        length = float(np.linalg.norm(vectors))
        return seconds, text, vectors.shape == (1, DIMENSIONS) and abs(length - 1) < 1e-3

    blocks = of_every_block()
    with ThreadPoolExecutor(CORES) as pool:
        told = list(pool.map(timed, chain(blocks, generated(count, random.Random(20)))))
    slowest_s, slowest, _ = max(told)
    result = {
        "blocks": len(blocks),
        "encoded": len(told) - len(blocks),
        "wrong": [ascii(text)[:200] for _, text, well in told if not well][:5],
        "slowest_s": slowest_s,
        "slowest": ascii(slowest)[:200],
    }
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main(int(sys.argv[1]))
