"""Words are found in every script, in their places."""

from __future__ import annotations

import pytest

from bot.nlu.words import LONGEST, nlp, words
from tests.nlu.hostile import HOSTILE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("F-Ausweis", ["F", "-", "Ausweis"]),
        ("l'Irak", ["l", "'", "Irak"]),
        ("N/F permit?", ["N", "/", "F", "permit", "?"]),
        ("return.How much", ["return", ".", "How", "much"]),
        ("كم المبلغ؟", ["كم", "المبلغ", "؟"]),
        ("ክንደይ ገንዘብ", ["ክንደይ", "ገንዘብ"]),
        ("3'000", ["3", "'", "000"]),
    ],
)
def test_words_are_parted(text: str, expected: list[str]) -> None:
    found = words(text)
    assert [word for word, _, _ in found] == expected
    assert all(text[start:end] == word for word, start, end in found)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_there_is_always_a_word(text: str) -> None:
    found = words(text)
    assert found
    assert all(end <= LONGEST for _, _, end in found)


def test_words_of_messages_are_not_kept() -> None:
    words("warm up")
    before = len(nlp().vocab.strings)
    for number in range(500):
        words(f"nobodyeverwrotethis{number}")
    assert len(nlp().vocab.strings) <= before + 5
