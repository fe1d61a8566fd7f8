"""The layers that learned from our examples, as one small file: `tools/adapted/layers.npz`.

Their matrices are kept as the encoder multiplies with them (`e5.seven_bits`): nothing of what was
measured gets lost on the way, and the encoder that is built from it has the same hash on every
machine. Biases and norms are kept as they are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from e5 import seven_bits
from e5.weights import Weights

Floats = npt.NDArray[np.float32]


def compress(learned: Mapping[str, Floats]) -> dict[str, npt.NDArray[np.generic]]:
    """Weights by name ("l0.q.w", "l0.aln.b") as :func:`merged` reads them."""
    kept: dict[str, npt.NDArray[np.generic]] = {}
    for name, values in learned.items():
        if values.ndim == 1:
            kept[name] = values.astype(np.float32)
        else:
            kept[f"{name}.whole"], kept[f"{name}.scales"] = seven_bits.quantized(values)
    return kept


def merged(before: Weights, path: Path) -> Weights:
    """`before` with the layers of the file instead of its own; `before` if there is no file."""
    if not path.exists():
        return before
    with np.load(path) as file:
        kept = dict(file)
    matrices = {
        name.removesuffix(".whole"): seven_bits.floats(
            kept[name], kept[f"{name.removesuffix('.whole')}.scales"]
        )
        for name in kept
        if name.endswith(".whole")
    }
    vectors = {name: kept.get(name, old) for name, old in before.vectors.items()}
    layers = 1 + max(int(name[1 : name.index(".")]) for name in kept)
    return dataclasses.replace(before, layers=layers, vectors=vectors, learned=matrices)
