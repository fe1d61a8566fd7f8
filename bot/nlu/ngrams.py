"""Character n-grams of many texts at once, as sparse counts.

The same n-grams as scikit-learn's ``char_wb``: within a word and the spaces around it. Its
HashingVectorizer walks every text in Python, which was a third of a training and half a
millisecond of each message; here numpy slides over all texts together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from bot.nlu.normalize import fold

Whole = npt.NDArray[np.int64]

_SPACE = ord(" ")
_FACTOR = np.uint32(0x01000193)  # FNV's prime: spreads neighbouring code points
_HALF = np.uint32(15)
_MIX = np.uint32(0x9E3779B1)  # Knuth's multiplier: the best bits come out on top


@dataclass(frozen=True)
class Rows:
    """A sparse matrix as its three arrays: scipy takes longer to look at one text than we do."""

    data: npt.NDArray[np.float32]
    """The values that are not 0, text by text."""
    indices: npt.NDArray[np.int32]
    """Their columns."""
    indptr: npt.NDArray[np.int64]
    """Where each text's values begin, and where the last one's end."""
    columns: int

    def matrix(self) -> csr_matrix:
        """The same for scipy: (texts, columns)."""
        parts = (self.data, self.indices, self.indptr.astype(np.int32))
        return csr_matrix(parts, shape=(len(self.indptr) - 1, self.columns))


def ngram_counts(texts: Sequence[str], lengths: tuple[int, int], buckets_bits: int) -> Rows:
    """How often each n-gram stands in each folded text: (texts, 2**buckets_bits).

    `lengths` are the shortest and the longest n-gram, in characters; each is hashed to a bucket.
    """
    words = [f" {' '.join(fold(text).split())} " for text in texts]
    signs = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    row_of = None
    if len(words) > 1:
        row_of = np.repeat(np.arange(len(words), dtype=np.int64), [len(word) for word in words])
    keys = [
        bucket if row_of is None else (row_of[at] << buckets_bits) + bucket
        for at, bucket in _hashed(signs, row_of, lengths, buckets_bits)
    ]
    cells, counts = _counted(np.concatenate(keys) if keys else np.empty(0, np.int64))
    starts = np.array([0, len(cells)])
    if row_of is not None:
        starts = np.searchsorted(cells >> buckets_bits, np.arange(len(words) + 1))
    columns = 1 << buckets_bits
    indices = (cells & (columns - 1)).astype(np.int32)
    return Rows(counts.astype(np.float32), indices, starts, columns)


def _counted(keys: Whole) -> tuple[Whole, Whole]:
    """Each key once, in order, and how often it is there; sorts in place."""
    # What np.unique does, with the sort that is quick on runs that are nearly in order.
    keys.sort(kind="stable")
    begins = np.ones(len(keys) + 1, dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=begins[1:-1])
    first = np.flatnonzero(begins)
    return keys[first[:-1]], first[1:] - first[:-1]


def _hashed(
    signs: npt.NDArray[np.uint32],
    row_of: Whole | None,
    lengths: tuple[int, int],
    buckets_bits: int,
) -> list[tuple[Whole, Whole]]:
    """For each length: where an n-gram of one word begins, and its bucket.

    `row_of` tells of each sign in which text it is, if there are several.
    """
    shortest, longest = lengths
    is_space = signs == _SPACE
    spaces = np.concatenate([[0], np.cumsum(is_space)])
    hashes = np.zeros_like(signs)
    found = []
    for length in range(1, min(longest, len(signs)) + 1):
        starts = len(signs) - length + 1
        hashes = hashes[:starts] * _FACTOR + signs[length - 1 :]
        if length < shortest:
            continue
        if length <= 2:
            whole = ~(is_space[:starts] & is_space[length - 1 :])
        else:
            # A space may stand at either end, not inside: that would be two words.
            whole = spaces[length - 1 : -1] == spaces[1 : starts + 1]
        if row_of is not None:
            whole &= row_of[:starts] == row_of[length - 1 :]
        at = np.flatnonzero(whole)
        mixed = hashes[at]
        mixed = (mixed ^ (mixed >> _HALF)) * _MIX
        found.append((at, (mixed >> np.uint32(32 - buckets_bits)).astype(np.int64)))
    return found
