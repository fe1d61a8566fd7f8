"""How the two classifiers are weighed, what confidence means, and where to be careful.

Nothing here is typed by hand but the shares of mistakes that we accept: the weights and thresholds
follow from examples that the classifiers have not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import expit, log_softmax, softmax

Floats = npt.NDArray[np.float32]

DANGER = "report_danger"
OUT_OF_SCOPE = "out_of_scope"

REFUSED = 0.10
"""Share of messages in scope that may be answered with "I did not understand"."""
FALSE_ALARMS = 0.033
"""Share of other messages that the probability takes for danger; a miss is far worse. Of training
examples, which are harder than what people write: of held-out sentences it is 0.02."""
FALSE_ALARMS_BY_EXAMPLE = 0.003
"""The same for the second look: whether the nearest example of all tells of danger."""

_NEWTON_STEPS = 20
"""Six are enough for seven digits."""
_SPELLING_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
_TEMPERATURES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0)


@dataclass(frozen=True)
class Evidence:
    """What is known of texts before calibration; every array is (texts, intents)."""

    vector_scores: Floats
    spelling_scores: Floats
    nearness: Floats
    """Cosine with the nearest example of the intent; -1 where nobody looked."""


@dataclass(frozen=True)
class Outcome:
    """For texts: probabilities (texts, intents), confidence (texts,) and danger (texts,)."""

    probabilities: Floats
    confidence: Floats
    danger: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Calibration:
    """The learned numbers. Without learning: plain probability, nothing refused."""

    spelling_weight: float = 0.3
    temperature: float = 1.0
    confidence_weights: tuple[float, ...] = field(default=(0.0, 1.0, 0.0, 0.0))
    """Constant, log odds of the probability, nearness of the intent, lead over the second."""
    least_confidence: float = 0.0
    danger_probability: float = 0.5
    danger_lead: float = 0.5

    def scores(self, evidence: Evidence) -> Floats:
        """Both classifiers joined, (texts, intents): the likeliest intent has the highest."""
        return evidence.vector_scores + self.spelling_weight * evidence.spelling_scores

    def apply(self, evidence: Evidence, intents: list[str]) -> Outcome:
        """Probabilities, confidence and danger for `evidence`."""
        probabilities = softmax(self.scores(evidence) / self.temperature, axis=1)
        signs = _signs(probabilities, evidence.nearness)
        confidence = expit(signs @ np.array(self.confidence_weights))
        if DANGER in intents:
            at = intents.index(DANGER)
            danger = (probabilities[:, at] >= self.danger_probability) | (
                _lead(evidence.nearness, at) >= self.danger_lead
            )
            danger |= probabilities.argmax(axis=1) == at
        else:
            danger = np.zeros(len(probabilities), dtype=bool)
        return Outcome(probabilities, confidence, danger)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """For saving beside other arrays."""
        return {
            "calibration": np.array(
                [
                    self.spelling_weight,
                    self.temperature,
                    self.least_confidence,
                    self.danger_probability,
                    self.danger_lead,
                    *self.confidence_weights,
                ]
            )
        }

    @classmethod
    def from_arrays(cls, stored: Mapping[str, npt.NDArray[np.generic]]) -> Calibration:
        """What `arrays` gave."""
        values = [float(value) for value in stored["calibration"].tolist()]
        spelling, temperature, least, probability, lead = values[:5]
        return cls(spelling, temperature, tuple(values[5:]), least, probability, lead)


def calibrate(evidence: Evidence, labels: npt.NDArray[np.int64], intents: list[str]) -> Calibration:
    """From evidence about unseen examples and their intents' numbers."""
    weight, temperature = min(
        ((weight, temperature) for weight in _SPELLING_WEIGHTS for temperature in _TEMPERATURES),
        key=lambda pair: _surprise(evidence, labels, *pair),
    )
    plain = Calibration(weight, temperature).apply(evidence, intents)
    right = plain.probabilities.argmax(axis=1) == labels
    signs = _signs(plain.probabilities, evidence.nearness)
    weights = _confidence_weights(signs, right)
    least = _least_confidence(expit(signs @ np.array(weights)), plain, labels, intents)
    if DANGER not in intents:
        return Calibration(weight, temperature, weights, least)
    at = intents.index(DANGER)
    others = labels != at
    return Calibration(
        weight,
        temperature,
        weights,
        least,
        max(_above(plain.probabilities[others, at], FALSE_ALARMS), 2 / len(intents)),
        _above(_lead(evidence.nearness, at)[others], FALSE_ALARMS_BY_EXAMPLE),
    )


def _signs(probabilities: Floats, nearness: Floats) -> Floats:
    """What speaks for the first intent, (texts, 4); see Calibration.confidence_weights."""
    first = probabilities.argmax(axis=1)
    rows = np.arange(len(first))
    top = np.clip(probabilities[rows, first], 1e-6, 1 - 1e-6)
    second = np.partition(probabilities, -2, axis=1)[:, -2] if probabilities.shape[1] > 1 else 0
    lead = np.log(top) - np.log(np.clip(second, 1e-6, 1))
    return np.stack([np.ones_like(top), np.log(top / (1 - top)), nearness[rows, first], lead], 1)


def _lead(nearness: Floats, at: int) -> Floats:
    """How much nearer the nearest example of one intent is than that of any other."""
    return np.asarray(nearness[:, at] - np.delete(nearness, at, axis=1).max(axis=1, initial=-1.0))


def _surprise(
    evidence: Evidence, labels: npt.NDArray[np.int64], weight: float, temperature: float
) -> float:
    scores = (evidence.vector_scores + weight * evidence.spelling_scores) / temperature
    return float(-log_softmax(scores, axis=1)[np.arange(len(labels)), labels].mean())


def _confidence_weights(signs: Floats, right: npt.NDArray[np.bool_]) -> tuple[float, ...]:
    if right.all() or not right.any():
        return (0.0, 1.0, 0.0, 0.0)
    # Logistic regression by Newton's method; the squared weights are penalized, which bounds them.
    weights = np.zeros(signs.shape[1])
    for _ in range(_NEWTON_STEPS):
        expected = expit(signs @ weights)
        gradient = signs.T @ (expected - right) + weights
        curvature = (signs.T * (expected * (1 - expected))) @ signs + np.eye(len(weights))
        weights -= np.linalg.solve(curvature, gradient)
    return tuple(weights.tolist())


def _least_confidence(
    confidence: Floats, plain: Outcome, labels: npt.NDArray[np.int64], intents: list[str]
) -> float:
    """The threshold at which REFUSED of the messages in scope are refused, all ways together."""
    if OUT_OF_SCOPE not in intents:
        return float(np.quantile(confidence, REFUSED))
    outside = intents.index(OUT_OF_SCOPE)
    in_scope = labels != outside
    already = plain.probabilities[in_scope].argmax(axis=1) == outside
    room = max(REFUSED - already.mean(), 0.01)
    answered = confidence[in_scope][~already]
    return float(np.quantile(answered, room)) if len(answered) else 0.0


def _above(values: Floats, share: float) -> float:
    """The threshold that `share` of the values reach."""
    return float(np.quantile(values, 1 - share)) if len(values) else 1.0
