"""The regression finds what scikit-learn's finds, goes on from where it was, and stops in time."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bot.nlu.calibration import _confidence_weights
from bot.nlu.regression import Regression, fit, untaught

CLASSES, DIMENSIONS = 3, 5


@pytest.fixture(scope="module")
def examples() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.RandomState(0)
    labels = random.randint(0, CLASSES, 300)
    vectors = random.normal(size=(300, DIMENSIONS)) + np.eye(CLASSES, DIMENSIONS)[labels]
    return vectors.astype(np.float32), labels


def learned(examples: tuple[np.ndarray, np.ndarray], penalty: float, steps: int) -> Regression:
    return fit(*examples, untaught(DIMENSIONS, CLASSES), penalty=penalty, steps=steps)


@pytest.mark.parametrize("penalty", [0.5, 1, 20])
def test_it_is_scikit_learns(examples: tuple[np.ndarray, np.ndarray], penalty: float) -> None:
    theirs = LogisticRegression(C=1 / penalty, tol=1e-6, max_iter=500).fit(*examples)
    ours = learned(examples, penalty, 500)
    assert np.abs(ours.coefficients.T - theirs.coef_).max() < 2e-3
    assert ours.intercepts == pytest.approx(theirs.intercept_, abs=2e-3)


def test_it_goes_on_from_what_was_learned(examples: tuple[np.ndarray, np.ndarray]) -> None:
    whole = learned(examples, 1, 500)
    one_more = fit(*examples, whole, penalty=1, steps=1)
    assert one_more.coefficients == pytest.approx(whole.coefficients, abs=1e-2)
    assert learned(examples, 1, 1).coefficients != pytest.approx(whole.coefficients, abs=1e-2)


def test_the_same_examples_teach_the_same(examples: tuple[np.ndarray, np.ndarray]) -> None:
    assert (learned(examples, 1, 20).coefficients == learned(examples, 1, 20).coefficients).all()


def test_confidence_weights_are_scikit_learns() -> None:
    random = np.random.RandomState(1)
    signs = np.column_stack([np.ones(2000), random.normal(2, 3, 2000), random.uniform(size=2000)])
    right = random.uniform(size=2000) < 1 / (1 + np.exp(-signs @ [-1, 0.5, 2]))
    theirs = LogisticRegression(fit_intercept=False, tol=1e-8).fit(signs, right)
    assert _confidence_weights(signs, right) == pytest.approx(theirs.coef_[0], abs=1e-3)


def test_confidence_weights_of_what_one_sign_tells_stay_small() -> None:
    signs = np.column_stack([np.ones(100), np.repeat([-50.0, 50.0], 50)])
    weights = _confidence_weights(signs, signs[:, 1] > 0)
    assert np.isfinite(weights).all()
    assert max(map(abs, weights)) < 2
