"""Matrices as the encoder multiplies with them: whole numbers of seven bits, one scale a row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_LARGEST = 63
"""Seven bits: with eight, AVX2's product of unsigned and signed bytes can overflow its 16 bits."""


def quantized(matrix: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Of a matrix (outputs, inputs): whole numbers of its shape, and a scale for each output."""
    scales = (np.abs(matrix).max(axis=1) / np.float32(_LARGEST)).astype(np.float32)
    whole = np.rint(matrix / scales[:, None]).clip(-_LARGEST, _LARGEST).astype(np.int8)
    return whole, scales


def floats(whole: npt.NDArray[np.int8], scales: Floats) -> Floats:
    """The matrix again. `quantized` of it gives the same whole numbers."""
    return whole.astype(np.float32) * scales[:, None]
