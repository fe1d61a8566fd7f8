"""What a person means: two classifiers joined, and how familiar the text is.

Logistic regression on the centred sentence vector and naive Bayes on character n-grams give one
probability per intent. The confidence that is told is another thing: how often such a judgement is
right, learned on held-back examples from that probability and from the similarity to the nearest
example of the intent. Danger is noticed in two independent ways: by its probability and by a very
near example; either is enough.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.special import log_softmax

from bot.nlu.calibration import DANGER, Calibration, Evidence, calibrate
from bot.nlu.held_back import is_held_back
from bot.nlu.intent_features import Floats, Spelling, counts
from bot.nlu.ngrams import Rows
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
        self._starts = np.append(arrays["starts"].astype(np.int64), len(self._examples))
        self._spelling = Spelling(
            arrays["spelling"].astype(np.float32), arrays["idf"].astype(np.float32)
        )

    @classmethod
    def learn(cls, texts: Sequence[str], vectors: Floats, intents: Sequence[str]) -> IntentModel:
        """Fit on four fifths, calibrate on the rest, then fit on all. Needs two intents or more."""
        names = sorted(set(intents))
        labels = np.searchsorted(names, list(intents)).astype(np.int64)
        held_back = np.array([is_held_back(text) for text in texts])
        rows = counts(list(texts)).matrix()
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

    def evidence(self, rows: Rows | csr_matrix, vectors: Floats) -> Evidence:
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
                    directions[at : at + _AT_ONCE] @ self._examples.T, self._starts[:-1], axis=1
                )
                for at in range(0, max(len(directions), 1), _AT_ONCE)
            ]
        )

    def judge(self, texts: Sequence[str], vectors: Floats) -> list[Judgement]:
        """One judgement a text."""
        evidence = self._evidence_to_judge(counts(list(texts)), vectors)
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

    def likeliest_by_spelling(self, texts: Sequence[str]) -> list[str]:
        """The intent of each text as far as its spelling tells: needs no vector, so it is quick."""
        best = self._spelling.scores(counts(list(texts))).argmax(axis=1)
        return [self.intents[at] for at in best]

    def _evidence_to_judge(self, rows: Rows, vectors: Floats) -> Evidence:
        """Like `evidence`, but nearness only where it can change a judgement, else -1.

        That is of the likeliest intent, and of danger beside the nearest of all others: these are
        looked through only when danger is nearer than the likeliest. All 36,000 examples for each
        message took a sixth of its parse.
        """
        centred = vectors - self._mean
        scores = log_softmax(_SCALE * centred @ self._coefficients + self._intercepts, axis=1)
        found = Evidence(scores, self._spelling.scores(rows), np.full_like(scores, -1.0))
        likeliest = self.calibration.scores(found).argmax(axis=1)
        units = _unit(centred @ self._axes)
        danger = self.intents.index(DANGER) if DANGER in self.intents else None
        for row, first in enumerate(likeliest):
            near = functools.partial(self._nearest_of, units[row])
            found.nearness[row, first] = near(first)
            if danger is None or first == danger:
                continue
            found.nearness[row, danger] = near(danger)
            lead = found.nearness[row, danger] - found.nearness[row, first]
            if lead >= self.calibration.danger_lead:
                found.nearness[row] = [near(one) for one in range(len(self.intents))]
        return found

    def _nearest_of(self, unit: Floats, intent: int) -> np.float32:
        """Cosine with the nearest example of the intent with this number."""
        examples = self._examples[self._starts[intent] : self._starts[intent + 1]]
        return np.float32((examples @ unit).max(initial=-1.0))

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
    rows: csr_matrix,
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
