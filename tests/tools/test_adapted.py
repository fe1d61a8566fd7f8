"""What training changed is kept small, and put back the same on every machine."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from e5 import adapted, corpus, seven_bits
from e5.typing_errors import mistyped
from e5.weights import BLOCK, FourBit, Weights

ROWS, COLUMNS, LAYERS = 12, BLOCK, 3


@pytest.fixture
def before() -> Weights:
    chance = np.random.default_rng(0)
    matrices, vectors = {}, {"emb.ln.w": np.ones(4, np.float32)}
    for layer in range(LAYERS):
        matrices[f"l{layer}.q.w"] = FourBit(
            chance.integers(0, 16, (ROWS, COLUMNS), dtype=np.uint8),
            chance.random((ROWS, COLUMNS // BLOCK)).astype(np.float16),
        )
        vectors[f"l{layer}.q.b"] = np.zeros(ROWS, np.float32)
    return Weights(COLUMNS, LAYERS, 2, 1e-12, [], vectors, matrices)


def matrix(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(ROWS, COLUMNS)).astype(np.float32)


def test_learned_layers_stand_in_place_of_the_others(before: Weights, tmp_path: Path) -> None:
    learned = {
        "l0.q.w": matrix(1),
        "l0.q.b": np.ones(ROWS, np.float32),
        "l1.q.w": matrix(2),
        "l1.q.b": np.full(ROWS, 2, np.float32),
    }
    path = tmp_path / "layers.npz"
    np.savez(path, **adapted.compress(learned))

    merged = adapted.merged(before, path)
    assert merged.layers == 2
    for name in ("l0.q.w", "l1.q.w"):
        step = np.abs(learned[name]).max(axis=1, keepdims=True) / 63
        assert (np.abs(merged.matrix(name) - learned[name]) <= 0.51 * step).all()
    assert np.array_equal(merged.vectors["l1.q.b"], learned["l1.q.b"])
    assert np.array_equal(merged.vectors["emb.ln.w"], before.vectors["emb.ln.w"])


def test_the_encoder_gets_the_very_numbers_that_were_kept() -> None:
    """Quantized once more, as when it is built, nothing changes: the hash is the same."""
    whole, scales = seven_bits.quantized(matrix(3))
    again, _ = seven_bits.quantized(seven_bits.floats(whole, scales))
    assert np.array_equal(again, whole)
    assert np.abs(whole).max(axis=1).tolist() == [63] * ROWS


def test_without_a_file_nothing_is_changed(before: Weights, tmp_path: Path) -> None:
    assert adapted.merged(before, tmp_path / "layers.npz") is before


def test_examples_have_the_number_of_their_intent_and_their_language(tmp_path: Path) -> None:
    (tmp_path / "de.yml").write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - Hallo\n- intent: ask_cost\n  examples: |\n"
        "    - Was kostet das?\n- lookup: x\n  examples: |\n    - nichts\n"
    )
    found, intents = corpus.examples(tmp_path)
    assert intents == ["ask_cost", "greet"]
    assert [(one.text, intents[one.label], one.language) for one in found] == [
        ("Hallo", "greet", "de"),
        ("Was kostet das?", "ask_cost", "de"),
    ]


def test_sentences_are_parted_and_have_no_placeholders(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text(
        "responses:\n  a:\n  - text: 'The date is {date} or later. Ask a person!\n\n    Yes'\n"
    )
    assert corpus.sentences(tmp_path) == ["Ask a person!", "The date is  or later."]


def test_typing_errors_are_many_and_the_same_for_a_seed() -> None:
    text = "Wie lange dauert das, bis ich zurückfliegen kann?"
    random.seed(3)
    first = [mistyped(text) for _ in range(50)]
    random.seed(3)
    assert first == [mistyped(text) for _ in range(50)]
    assert len(set(first)) > 20
    assert all(abs(len(one) - len(text)) <= 8 for one in first)
