"""Logistic regression over several classes, in single precision.

scikit-learn keeps its weights in double precision, and so copies all vectors into doubles at every
step: three times as slow here, and no more right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Regression:
    """Scores are ``vectors @ coefficients + intercepts``, one for each class."""

    coefficients: Floats
    """(dimensions, classes)"""
    intercepts: Floats
    """(classes,)"""


def fit(
    vectors: Floats,
    labels: npt.NDArray[np.int64],
    start: Regression,
    *,
    penalty: float,
    steps: int,
) -> Regression:
    """At most `steps` steps of L-BFGS from `start`, fewer when nothing more is gained.

    `penalty` is that of the squared coefficients (one divided by scikit-learn's ``C``); intercepts
    have none.
    """
    from scipy.optimize import minimize  # half a second that a process which answers never needs

    shape = (vectors.shape[1] + 1, len(start.intercepts))
    rows = np.arange(len(labels))

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights = flat.reshape(shape).astype(np.float32)
        scores = vectors @ weights[:-1]
        scores += weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        right = scores[rows, labels]
        shares = np.exp(scores, out=scores)
        sums = shares.sum(axis=1, keepdims=True)
        surprise = (np.log(sums[:, 0]) - right).sum(dtype=np.float64)
        shares /= sums
        shares[rows, labels] -= 1
        gradient = np.empty(shape)
        gradient[:-1] = vectors.T @ shares + penalty * weights[:-1]
        gradient[-1] = shares.sum(axis=0)
        return surprise + penalty / 2 * float((weights[:-1] ** 2).sum()), gradient.ravel()

    first = np.vstack([start.coefficients, start.intercepts]).astype(np.float64).ravel()
    found = minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    weights = found.x.reshape(shape).astype(np.float32)
    return Regression(weights[:-1], weights[-1])


def untaught(dimensions: int, classes: int) -> Regression:
    """Where learning begins when nothing is known."""
    return Regression(
        np.zeros((dimensions, classes), np.float32), np.zeros(classes, dtype=np.float32)
    )
