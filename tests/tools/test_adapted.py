"""What training changed is kept small, and put back the same on every machine."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from e5 import adapted
from e5.typing_errors import mistyped
from e5.weights import BLOCK, FourBit, Weights

ROWS, COLUMNS, RANK = 12, BLOCK, 3


@pytest.fixture
def before() -> Weights:
    chance = np.random.default_rng(0)
    matrix = FourBit(
        chance.integers(0, 16, (ROWS, COLUMNS), dtype=np.uint8),
        chance.random((ROWS, COLUMNS // BLOCK)).astype(np.float16),
    )
    vectors = {"l0.q.b": np.zeros(ROWS, np.float32), "emb.ln.w": np.ones(4, np.float32)}
    return Weights(COLUMNS, 1, 2, 1e-12, [], vectors, {"l0.q.w": matrix})


def change() -> np.ndarray:
    chance = np.random.default_rng(1)
    narrow = chance.normal(size=(ROWS, RANK)) @ chance.normal(size=(RANK, COLUMNS))
    return narrow.astype(np.float32)


def test_a_change_of_few_directions_comes_back_whole(before: Weights, tmp_path: Path) -> None:
    after = {"l0.q.w": before.matrix("l0.q.w") + change(), "l0.q.b": np.ones(ROWS, np.float32)}
    path = tmp_path / "layers.npz"
    np.savez(path, **adapted.compress(before, after, RANK))

    merged = adapted.merged(before, path)
    assert np.allclose(merged.matrix("l0.q.w"), after["l0.q.w"], atol=2e-3)
    assert np.array_equal(merged.vectors["l0.q.b"], after["l0.q.b"])
    assert np.array_equal(merged.vectors["emb.ln.w"], before.vectors["emb.ln.w"])
    again = adapted.merged(before, path)
    assert np.array_equal(merged.matrix("l0.q.w"), again.matrix("l0.q.w"))


def test_without_a_file_nothing_is_changed(before: Weights, tmp_path: Path) -> None:
    assert adapted.merged(before, tmp_path / "layers.npz") is before


def test_typing_errors_are_many_and_the_same_for_a_seed() -> None:
    text = "Wie lange dauert das, bis ich zurückfliegen kann?"
    random.seed(3)
    first = [mistyped(text) for _ in range(50)]
    random.seed(3)
    assert first == [mistyped(text) for _ in range(50)]
    assert len(set(first)) > 20
    assert all(abs(len(one) - len(text)) <= 8 for one in first)
