"""Character n-grams of many texts at once, as sparse counts.

The same n-grams as scikit-learn's ``char_wb``: within a word and the spaces around it. Its
HashingVectorizer walks every text in Python, which was a third of a training and half a
millisecond of each message; here numpy slides over all texts together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from bot.nlu.normalize import fold

Floats = npt.NDArray[np.float32]

_SPACE = ord(" ")
_FACTOR = np.uint32(0x01000193)  # FNV's prime: spreads neighbouring code points
_MIX = np.uint32(0x9E3779B1)  # Knuth's multiplier: the best bits come out on top


def ngram_counts(texts: Sequence[str], lengths: tuple[int, int], buckets_bits: int) -> csr_matrix:
    """How often each n-gram stands in each folded text: float32 (texts, 2**buckets_bits).

    `lengths` are the shortest and the longest n-gram, in characters; each is hashed to a bucket.
    """
    words = [f" {' '.join(fold(text).split())} " for text in texts]
    signs = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    row_of = np.repeat(np.arange(len(words), dtype=np.int64), [len(word) for word in words])
    keys = [
        (row_of[at] << buckets_bits) + bucket
        for at, bucket in _hashed(signs, row_of, lengths, buckets_bits)
    ]
    # What np.unique does, with the sort that is quick on runs that are nearly in order.
    sorted_keys = np.sort(np.concatenate(keys), kind="stable") if keys else np.empty(0, np.int64)
    first = np.flatnonzero(np.diff(sorted_keys, prepend=-1))
    cells, counts = sorted_keys[first], np.diff(first, append=len(sorted_keys))
    shape = (len(words), 1 << buckets_bits)
    starts = np.searchsorted(cells >> buckets_bits, np.arange(len(words) + 1))
    columns = (cells & (shape[1] - 1)).astype(np.int32)
    rows = csr_matrix(shape, dtype=np.float32)
    # Without scipy's checks, which take longer than all of the above for one text.
    rows.data, rows.indices = counts.astype(np.float32), columns
    rows.indptr = starts.astype(np.int32)
    return rows


def _hashed(
    signs: npt.NDArray[np.uint32],
    row_of: npt.NDArray[np.int64],
    lengths: tuple[int, int],
    buckets_bits: int,
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """For each length: where an n-gram of one word begins, and its bucket."""
    shortest, longest = lengths
    is_space = signs == _SPACE
    spaces = np.concatenate([[0], np.cumsum(is_space)])
    hashes = np.zeros_like(signs)
    found = []
    for length in range(1, longest + 1):
        starts = len(signs) - length + 1
        if starts <= 0:
            break
        hashes = hashes[:starts] * _FACTOR + signs[length - 1 :]
        if length < shortest:
            continue
        ends = np.arange(starts) + length - 1
        whole = row_of[:starts] == row_of[ends]
        if length > 2:
            # A space may stand at either end, not inside: that would be two words.
            whole &= spaces[ends] == spaces[1 : starts + 1]
        whole &= ~(is_space[:starts] & is_space[ends]) | (length > 2)
        at = np.flatnonzero(whole)
        mixed = (hashes[at] ^ (hashes[at] >> np.uint32(15))) * _MIX
        found.append((at, (mixed >> np.uint32(32 - buckets_bits)).astype(np.int64)))
    return found
