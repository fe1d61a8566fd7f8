"""The encoder gives every text one vector, whatever the text."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.encoder import DIMENSIONS, MOST_CHARACTERS, EncoderMissingError, OnnxEncoder
from tests.nlu.hostile import HOSTILE
from tests.nlu.many_texts import COLUMN, generated, of_every_block


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


@settings(max_examples=150, deadline=5000)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_any_text(encoder: OnnxEncoder, text: str) -> None:
    assert is_a_vector(encoder.encode([text]))


def test_every_unicode_block_and_ten_thousand_texts_break_nothing(encoder: OnnxEncoder) -> None:
    """In a process of its own: what native code does wrong ends a process."""
    child = subprocess.run(
        [sys.executable, "-m", "tests.nlu.many_texts", "10000"],
        capture_output=True,
        text=True,
        timeout=1000,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-2000:]
    told = json.loads(child.stdout)
    assert told["encoded"] == 10_000
    assert told["wrong"] == []
    assert told["slowest_s"] < 2, f"hangs: {told['slowest']}"


def test_every_block_gets_signs_and_every_letter_its_forms() -> None:
    signs = set("".join(of_every_block()))
    columns = {ord(sign) // COLUMN for sign in signs}
    assigned = (p for p in range(0x110000) if unicodedata.category(chr(p)) not in {"Cn", "Co"})
    assert columns == {point // COLUMN for point in assigned}
    thrown = "".join(generated(1000, random.Random(1)))
    forms = sum("\ufb50" <= sign <= "\ufdff" or "\ufe70" <= sign <= "\ufeff" for sign in thrown)
    assert forms > 1000
    assert any("\ud800" <= sign <= "\udfff" for sign in thrown)
    assert max(map(len, generated(1000, random.Random(1)))) > MOST_CHARACTERS


def test_a_missing_encoder_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissingError, match="make encoder"):
        OnnxEncoder(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"outputs": {}}))
    with pytest.raises(EncoderMissingError, match="pieces"):
        OnnxEncoder(tmp_path)


def test_the_fingerprint_is_that_of_the_files(encoder: OnnxEncoder) -> None:
    assert len(encoder.fingerprint) == 64
