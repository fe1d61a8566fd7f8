"""A text is encoded once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.nlu.encoder import DIMENSIONS, Vectors
from bot.nlu.vector_cache import VectorCache


class Counting:
    """An encoder that remembers what it was asked."""

    def __init__(self, fingerprint: str = "a" * 64) -> None:
        self.fingerprint = fingerprint
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text)] * DIMENSIONS for text in texts], dtype=np.float32)


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    encoder = Counting()
    VectorCache(tmp_path, encoder).encode(["a", "bb", "a"])
    vectors = VectorCache(tmp_path, encoder).encode(["ccc", "a", "bb"])
    assert encoder.asked == ["a", "bb", "ccc"]
    assert vectors[:, 0].tolist() == [3, 1, 2]


def test_another_encoder_has_its_own_vectors(tmp_path: Path) -> None:
    VectorCache(tmp_path, Counting()).encode(["a"])
    other = Counting("b" * 64)
    VectorCache(tmp_path, other).encode(["a"])
    assert other.asked == ["a"]


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    texts = [str(number) for number in range(600)]
    VectorCache(tmp_path, Counting()).encode(texts, lambda done, of: told.append((done, of)))
    assert told == [(512, 600), (600, 600)]


def test_nothing_and_surrogates(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, Counting())
    assert cache.encode([]).shape == (0, DIMENSIONS)
    assert cache.encode(["\ud800"]).shape == (1, DIMENSIONS)
