"""Texts as the network takes them: rows of piece numbers, short with short in a batch."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import torch
from sentencepiece import SentencePieceProcessor
from torch import Tensor

from e5.graph import PAD
from e5.network import Network

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.nlu.normalize import clean

BATCH = 32
_LONGEST = 80
_POOL = 16
"""Batches that are sorted by length together, so that little is padded."""
_BEGIN, _END = 0, 2

Item = TypeVar("Item")


def ids(splitter: SentencePieceProcessor, text: str) -> list[int]:
    """The pieces of a text; of a long one its beginning and its end."""
    found = splitter.encode(unicodedata.normalize("NFKC", f"query: {clean(text)}"))
    half = (_LONGEST - 2) // 2
    return [_BEGIN, *(found if len(found) <= 2 * half else found[:half] + found[-half:]), _END]


def padded(rows: Sequence[list[int]], device: torch.device) -> Tensor:
    """(texts, longest), the shorter ones filled up."""
    longest = max(map(len, rows))
    return torch.tensor([row + [PAD] * (longest - len(row)) for row in rows], device=device)


def batches(rows: list[tuple[list[int], Item]]) -> Iterator[list[tuple[list[int], Item]]]:
    """All rows in a random order; `random` must have been seeded."""
    random.shuffle(rows)
    found = []
    for start in range(0, len(rows), BATCH * _POOL):
        pool = sorted(rows[start : start + BATCH * _POOL], key=lambda row: len(row[0]))
        found += [pool[at : at + BATCH] for at in range(0, len(pool), BATCH)]
    random.shuffle(found)
    yield from found


def vectors(
    network: Network, splitter: SentencePieceProcessor, texts: Sequence[str], device: torch.device
) -> Tensor:
    """Vectors of length one (texts, hidden), without learning."""
    network.eval()
    rows = [ids(splitter, text) for text in texts]
    order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
    found: list[Tensor] = [torch.empty(0)] * len(rows)
    with torch.no_grad():
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            made = network(padded([rows[at] for at in chosen], device))
            for at, vector in zip(chosen, made, strict=True):
                found[at] = vector
    return torch.stack(found)
