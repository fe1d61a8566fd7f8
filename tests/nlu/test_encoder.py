"""The encoder gives every text one vector, whatever the text."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.encoder import DIMENSIONS, EncoderMissingError, OnnxEncoder
from tests.nlu.hostile import HOSTILE


def is_a_vector(vectors: np.ndarray) -> bool:
    lengths = np.linalg.norm(vectors, axis=1)
    return vectors.shape[1] == DIMENSIONS and bool(np.allclose(lengths, 1, atol=1e-4))


def test_no_text_no_vector(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: OnnxEncoder) -> None:
    texts = [f"How much money do I get, question {number}?" for number in range(20)]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.array_equal(together, alone)


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("How much money will I get?", "Wie viel Geld bekomme ich?", "Wo ist das Büro?"),
        ("Who pays the ticket?", "Qui paie le billet d'avion ?", "Je veux parler à quelqu'un"),
        ("I need a doctor", "أحتاج إلى طبيب", "كم عدد الحقائب؟"),
    ],
)
def test_meaning_is_nearer_than_language(
    encoder: OnnxEncoder, one: str, same: str, other: str
) -> None:
    first, second, third = encoder.encode([one, same, other])
    assert first @ second > first @ third


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_encoded_in_bounded_time(encoder: OnnxEncoder, text: str) -> None:
    started = time.monotonic()
    assert is_a_vector(encoder.encode([text]))
    assert time.monotonic() - started < 5


def test_special_pieces_cannot_be_typed(encoder: OnnxEncoder) -> None:
    ids = encoder._pieces("<s> </s> <pad> <unk>")
    assert ids[0] == 0
    assert ids[-1] == 2
    assert not {0, 1, 2} & set(ids[1:-1])


def test_every_unicode_block(encoder: OnnxEncoder) -> None:
    """A text of up to sixteen assigned characters from each 512."""
    texts = []
    for start in range(0, 0x110000, 512):
        characters = [chr(point) for point in range(start, start + 512)]
        assigned = [c for c in characters if unicodedata.category(c) not in {"Cn", "Co"}]
        if assigned:
            texts.append("".join(assigned[:: max(1, len(assigned) // 16)]))
    assert len(texts) > 200
    assert is_a_vector(encoder.encode(texts))


@settings(max_examples=150, deadline=5000)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_any_text(encoder: OnnxEncoder, text: str) -> None:
    assert is_a_vector(encoder.encode([text]))


def test_ten_thousand_random_texts_break_nothing(encoder: OnnxEncoder) -> None:
    child = subprocess.run(
        [sys.executable, "-m", "tests.nlu.many_texts", "10000"],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-2000:]
    told = json.loads(child.stdout)
    assert told["encoded"] == 10_000
    assert told["slowest_s"] < 20, "fifty short texts"


def test_a_missing_encoder_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissingError, match="make encoder"):
        OnnxEncoder(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"outputs": {}}))
    with pytest.raises(EncoderMissingError, match="pieces"):
        OnnxEncoder(tmp_path)


def test_the_fingerprint_is_that_of_the_files(encoder: OnnxEncoder) -> None:
    assert len(encoder.fingerprint) == 64
