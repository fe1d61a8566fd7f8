"""What the intent model sees beside the sentence vector: the spelling of the text."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from bot.nlu.ngrams import Rows, ngram_counts

Floats = npt.NDArray[np.float32]

_BITS = 17
FEATURES = 1 << _BITS
_LENGTHS = (2, 5)
CHARACTERS = 600
"""Of longer texts the beginning and the end are read."""

_SMOOTHING = 0.05


class Spelling:
    """Naive Bayes over weighted character n-grams of the folded text.

    Weak alone, but it sees what the encoder does not: abbreviations, names, spellings. Learned in
    one pass, where a linear model of the same n-grams takes half a minute.
    """

    def __init__(self, weights: Floats, idf: Floats) -> None:
        # In rows of one n-gram each: scipy would copy anything else for every text.
        self.weights = np.ascontiguousarray(weights)
        """Log probabilities (FEATURES, intents)."""
        self.idf = idf

    @classmethod
    def learn(cls, rows: csr_matrix, labels: npt.NDArray[np.int64], intents: int) -> Spelling:
        """From the matrix of `counts` of the examples and their intents' numbers."""
        seen_in = np.bincount(rows.indices, minlength=FEATURES)
        idf = (np.log((1 + rows.shape[0]) / (1 + seen_in)) + 1).astype(np.float32)
        weighted = csr_matrix((_weighted(rows, idf), rows.indices, rows.indptr), shape=rows.shape)
        members = csr_matrix(
            (np.ones(len(labels), np.float32), (labels, np.arange(len(labels)))),
            shape=(intents, len(labels)),
        )
        sums = np.asarray((members @ weighted).todense()) + _SMOOTHING
        return cls(np.log(sums / sums.sum(axis=1, keepdims=True)).T.astype(np.float32), idf)

    def scores(self, rows: Rows | csr_matrix) -> Floats:
        """Log likelihoods (texts, intents)."""
        values = _weighted(rows, self.idf)
        found = np.empty((len(rows.indptr) - 1, self.weights.shape[1]), dtype=np.float32)
        # scipy takes longer to look at one row than to multiply it.
        for row, (start, end) in enumerate(itertools.pairwise(rows.indptr.tolist())):
            found[row] = values[start:end] @ self.weights[rows.indices[start:end]]
        return found


def counts(texts: list[str]) -> Rows:
    """Character n-grams (texts, FEATURES), logarithmic."""
    rows = ngram_counts([_shortened(text) for text in texts], _LENGTHS, _BITS)
    return replace(rows, data=np.log(rows.data) + np.float32(1))


def _weighted(rows: Rows | csr_matrix, idf: Floats) -> Floats:
    """The stored values of each row times idf, of length one."""
    values = rows.data * idf[rows.indices]
    texts = len(rows.indptr) - 1
    row_of = np.repeat(np.arange(texts), np.diff(rows.indptr))
    lengths = np.sqrt(np.bincount(row_of, values**2, minlength=texts))
    weighted: Floats = (values / np.maximum(lengths[row_of], 1e-6)).astype(np.float32)
    return weighted


def _shortened(text: str) -> str:
    if len(text) <= CHARACTERS:
        return text
    half = CHARACTERS // 2
    return f"{text[:half]} {text[-half:]}"
