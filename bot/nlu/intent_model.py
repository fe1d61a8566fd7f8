"""What a person means: two classifiers joined, and how familiar the text is.

Logistic regression on the centred sentence vector and naive Bayes on character n-grams give one
probability per intent. The confidence that is told is another thing: how often such a judgement is
right, learned on held-back examples from that probability and from the similarity to the nearest
example of the intent. Danger is noticed in two independent ways: by its probability and by a very
near example; either is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax

from bot.nlu.calibration import Calibration, Evidence, calibrate
from bot.nlu.held_back import is_held_back
from bot.nlu.intent_features import Floats, Spelling, counts
from bot.nlu.regression import Regression, fit, untaught

_SCALE = 10.0
"""Of the centred vectors: brings their coefficients near those of the intercepts."""
_PENALTY = 1.0
_STEPS = 40
"""Of held-back examples 15 find more by the vectors alone (0.76, then 0.755 and no less after 60);
joined with the spelling they are as good, but danger and what is out of scope stand less firmly."""
_STEPS_MORE = 15
"""From what four fifths taught to all examples."""
_AT_ONCE = 512
"""Texts whose nearest examples are looked for together: all would take a gigabyte."""
NEARNESS_DIMENSIONS = 128
"""Of 384: the nearest example is the same in 97 of 100 texts, at a third of the time and memory."""


@dataclass(frozen=True)
class Judgement:
    """What the model makes of one text."""

    ranking: list[tuple[str, float]]
    """All intents with their probability, the likeliest first."""
    confidence: float
    """How often a judgement like this is right, 0 to 1."""
    familiar: bool
    """Whether the confidence is enough to act on."""
    danger: bool
    """Whether the text may tell of danger, whatever stands first in the ranking."""


class IntentModel:
    """Learned from texts, their vectors and intents; kept as plain arrays."""

    def __init__(
        self,
        intents: list[str],
        arrays: dict[str, npt.NDArray[np.generic]],
        calibration: Calibration,
    ) -> None:
        self.intents = intents
        self.calibration = calibration
        self._arrays = arrays
        self._mean: Floats = arrays["mean"].astype(np.float32)
        self._coefficients: Floats = arrays["coefficients"].astype(np.float32)
        self._intercepts: Floats = arrays["intercepts"].astype(np.float32)
        self._axes: Floats = arrays["axes"].astype(np.float32)
        self._examples: Floats = arrays["examples"].astype(np.float32)
        self._starts = arrays["starts"].astype(np.int64)
        self._spelling = Spelling(
            arrays["spelling"].astype(np.float32), arrays["idf"].astype(np.float32)
        )

    @classmethod
    def learn(cls, texts: Sequence[str], vectors: Floats, intents: Sequence[str]) -> IntentModel:
        """Fit on four fifths, calibrate on the rest, then fit on all. Needs two intents or more."""
        names = sorted(set(intents))
        labels = np.searchsorted(names, list(intents)).astype(np.int64)
        held_back = np.array([is_held_back(text) for text in texts])
        rows = counts(list(texts))
        # Without enough to learn or to calibrate on (a test, a first draft) all serve for both.
        if held_back.sum() < 2 * len(names) or len(set(labels[~held_back])) < len(names):
            held_back = np.ones(len(texts), dtype=bool)
            seen = held_back
        else:
            seen = ~held_back
        start = untaught(vectors.shape[1], len(names))
        taught = _fit(start, _STEPS, rows[seen], vectors[seen], labels[seen])
        draft = cls(names, taught, Calibration())
        evidence = draft.evidence(rows[held_back], vectors[held_back])
        calibration = calibrate(evidence, labels[held_back], names)
        start = Regression(draft._coefficients, draft._intercepts)
        return cls(names, _fit(start, _STEPS_MORE, rows, vectors, labels), calibration)

    def evidence(self, rows: object, vectors: Floats) -> Evidence:
        """From `counts` of texts and their vectors (texts, dimensions)."""
        centred = vectors - self._mean
        vector_scores = log_softmax(
            _SCALE * centred @ self._coefficients + self._intercepts, axis=1
        )
        return Evidence(vector_scores, self._spelling.scores(rows), self._nearness(centred))

    def _nearness(self, centred: Floats) -> Floats:
        directions = _unit(centred @ self._axes)
        return np.concatenate(
            [
                np.maximum.reduceat(
                    directions[at : at + _AT_ONCE] @ self._examples.T, self._starts, axis=1
                )
                for at in range(0, max(len(directions), 1), _AT_ONCE)
            ]
        )

    def judge(self, texts: Sequence[str], vectors: Floats) -> list[Judgement]:
        """One judgement a text."""
        evidence = self.evidence(counts(list(texts)), vectors)
        outcome = self.calibration.apply(evidence, self.intents)
        judgements = []
        for row in range(len(texts)):
            order = np.argsort(-outcome.probabilities[row])
            ranking = [(self.intents[i], float(outcome.probabilities[row, i])) for i in order]
            judgements.append(
                Judgement(
                    ranking,
                    float(outcome.confidence[row]),
                    bool(outcome.confidence[row] >= self.calibration.least_confidence),
                    bool(outcome.danger[row]),
                )
            )
        return judgements

    def save(self, path: Path) -> None:
        """Write to one .npz file, without pickle."""
        np.savez(path, intents=np.array(self.intents), **self._arrays, **self.calibration.arrays())

    @classmethod
    def load(cls, path: Path) -> IntentModel:
        """Read what `save` wrote."""
        stored = dict(np.load(path, allow_pickle=False))
        calibration = Calibration.from_arrays(stored)
        return cls(stored.pop("intents").tolist(), stored, calibration)


def _fit(
    start: Regression,
    steps: int,
    rows: object,
    vectors: Floats,
    labels: npt.NDArray[np.int64],
) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of a model whose regression goes on from `start`."""
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    intents = len(start.intercepts)
    regression = fit(_SCALE * centred, labels, start, penalty=_PENALTY, steps=steps)
    axes = _principal_axes(centred)
    spelling = Spelling.learn(rows, labels, intents)
    order = np.argsort(labels, kind="stable")
    return {
        "mean": mean,
        "coefficients": regression.coefficients,
        "intercepts": regression.intercepts,
        "axes": axes,
        "examples": _unit(centred @ axes)[order].astype(np.float16),
        "starts": np.searchsorted(labels[order], np.arange(intents)),
        "spelling": spelling.weights.astype(np.float16),
        "idf": spelling.idf,
    }


def _principal_axes(centred: Floats) -> Floats:
    """The directions in which examples differ most, (dimensions, at most NEARNESS_DIMENSIONS)."""
    _, directions = np.linalg.eigh(centred.T @ centred)
    return np.ascontiguousarray(directions[:, ::-1][:, :NEARNESS_DIMENSIONS], dtype=np.float32)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), dtype=np.float32)
