"""The same n-grams as scikit-learn's, told apart by their buckets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from bot.nlu.ngrams import ngram_counts
from bot.nlu.normalize import fold

BITS = 22
"""So many buckets that two n-grams of a short text hardly ever share one."""


def expected(text: str, lengths: tuple[int, int]) -> list[int]:
    """How often each n-gram stands in the text, by scikit-learn, without those of spaces alone."""
    counter = CountVectorizer(analyzer="char_wb", ngram_range=lengths, preprocessor=fold)
    try:
        counts = counter.fit_transform([text])
    except ValueError:  # nothing in it
        return []
    names = counter.get_feature_names_out()
    return sorted(
        int(number) for name, number in zip(names, counts.toarray()[0], strict=True) if name.strip()
    )


@pytest.mark.parametrize("lengths", [(1, 4), (2, 5)])
@pytest.mark.parametrize(
    "text",
    [
        "Wie lange dauert das?",
        "a b",
        "x",
        "كم من المال أحصل عليه",
        "ናብ ሃገረይ ክምለስ",
        "aaa aaa",
        "…",
        "",
    ],
)
def test_counts_are_those_of_scikit_learn(text: str, lengths: tuple[int, int]) -> None:
    found = ngram_counts([text], lengths, BITS)
    assert sorted(int(number) for number in found.data) == expected(text, lengths)


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_a_text_counts_the_same_alone_and_among_others(texts: list[str]) -> None:
    together = ngram_counts(texts, (2, 5), 17).matrix()
    alone = [ngram_counts([text], (2, 5), 17).matrix() for text in texts]
    assert together.shape == (len(texts), 1 << 17)
    for row, one in enumerate(alone):
        assert np.array_equal(together[row].toarray(), one.toarray())


def test_no_ngram_runs_over_the_end_of_a_word() -> None:
    apart, joined = ngram_counts(["ab cd", "abcd"], (4, 4), BITS).matrix()
    assert set(apart.indices) == set(ngram_counts(["cd ab"], (4, 4), BITS).indices)
    assert set(apart.indices).isdisjoint(joined.indices)
