"""What training changed in the layers, as a small file: `tools/adapted/layers.npz`.

A matrix's change is kept as the product of two narrow matrices (the strongest directions of the
change), in whole numbers with one scale: their product is exact on every machine, so the encoder
that is built from it has the same hash everywhere. Biases and norms are kept as they are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from e5.weights import Weights

Floats = npt.NDArray[np.float32]

_LARGEST = 32767


def compress(before: Weights, after: Mapping[str, Floats], rank: int) -> dict[str, np.ndarray]:
    """The change from `before` to `after`, by name, as :func:`merged` reads it."""
    kept: dict[str, np.ndarray] = {}
    for name, values in after.items():
        if name in before.vectors:
            kept[name] = values.astype(np.float32)
            continue
        change = values - before.matrices[name].floats()
        left, strength, right = np.linalg.svd(change.astype(np.float64), full_matrices=False)
        root = np.sqrt(strength[:rank])
        kept[f"{name}.left"], left_scale = _whole(left[:, :rank] * root)
        kept[f"{name}.right"], right_scale = _whole(right[:rank] * root[:, None])
        kept[f"{name}.scale"] = np.float32(left_scale * right_scale)
    return kept


def _whole(values: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int16], float]:
    scale = float(np.abs(values).max()) / _LARGEST or 1.0
    return np.rint(values / scale).astype(np.int16), scale


def merged(before: Weights, path: Path) -> Weights:
    """The weights with the changes of the file added; `before` itself when there is no file."""
    if not path.exists():
        return before
    with np.load(path) as kept:
        vectors = {name: kept.get(name, old) for name, old in before.vectors.items()}
        changes = {
            name: _product(kept[f"{name}.left"], kept[f"{name}.right"], kept[f"{name}.scale"])
            for name in before.matrices
            if f"{name}.left" in kept
        }
    return dataclasses.replace(before, vectors=vectors, changes=changes)


def _product(left: np.ndarray, right: np.ndarray, scale: np.ndarray) -> Floats:
    # Products of 15 bits, at most some hundred of them: exact in 64-bit floats, in any order.
    exact = left.astype(np.float64) @ right.astype(np.float64)
    return (exact * np.float64(scale)).astype(np.float32)
