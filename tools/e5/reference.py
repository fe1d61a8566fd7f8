"""The encoder once more, in plain numpy: what the built ONNX model is checked against.

Slow and simple on purpose, with float32 weights and the whole vocabulary.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from e5.weights import Weights

Floats = npt.NDArray[np.float32]


def vectors(weights: Weights, sequences: list[list[int]]) -> Floats:
    """The normalised sentence vectors (sequences, hidden) of sequences of piece numbers."""
    matrices = {name: weights.matrix(name) for name in weights.matrices if name != "emb.word"}
    return np.stack([_vector(weights, matrices, ids) for ids in sequences])


def _vector(weights: Weights, matrices: dict[str, Floats], ids: list[int]) -> Floats:
    rows = np.asarray(ids, dtype=np.int64)
    x = weights.matrices["emb.word"].rows(rows).floats()
    x = x + weights.vectors["emb.pos"].reshape(-1, weights.hidden)[: len(ids)]
    x = x + weights.vectors["emb.type"][: weights.hidden]
    x = _layer_norm(weights, "emb.ln", x)
    for layer in range(weights.layers):
        x = _layer(weights, matrices, f"l{layer}", x)
    mean = x.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def _layer(weights: Weights, matrices: dict[str, Floats], name: str, x: Floats) -> Floats:
    attended = _linear(weights, matrices, f"{name}.ao", _attention(weights, matrices, name, x))
    x = _layer_norm(weights, f"{name}.aln", x + attended)
    inner = _gelu(_linear(weights, matrices, f"{name}.fi", x))
    return _layer_norm(weights, f"{name}.oln", x + _linear(weights, matrices, f"{name}.fo", inner))


def _attention(weights: Weights, matrices: dict[str, Floats], name: str, x: Floats) -> Floats:
    length, hidden = x.shape
    size = hidden // weights.heads

    def heads(part: str) -> Floats:
        projected = _linear(weights, matrices, f"{name}.{part}", x)
        return projected.reshape(length, weights.heads, size).transpose(1, 0, 2)

    scores = heads("q") @ heads("k").transpose(0, 2, 1) / np.sqrt(np.float32(size))
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    scores /= scores.sum(axis=-1, keepdims=True)
    mixed: Floats = (scores @ heads("v")).transpose(1, 0, 2).reshape(length, hidden)
    return mixed


def _linear(weights: Weights, matrices: dict[str, Floats], name: str, x: Floats) -> Floats:
    product: Floats = x @ matrices[f"{name}.w"].T + weights.vectors[f"{name}.b"]
    return product


def _layer_norm(weights: Weights, name: str, x: Floats) -> Floats:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + weights.epsilon)
    scaled: Floats = centred / spread
    return scaled * weights.vectors[f"{name}.w"] + weights.vectors[f"{name}.b"]


def _gelu(x: Floats) -> Floats:
    """The exact form, x/2 (1 + erf(x / sqrt 2)); erf by Abramowitz and Stegun 7.1.26 (1.5e-7)."""
    z = np.abs(x) / np.sqrt(np.float32(2))
    t = 1.0 / (1.0 + 0.3275911 * z)
    series = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    erf = np.sign(x) * (1.0 - series * np.exp(-z * z))
    return np.asarray(0.5 * x * (1.0 + erf), dtype=np.float32)
