"""The intent model on vectors made by hand: what it learns, admits, refuses and keeps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.calibration import REFUSED, Calibration, Evidence, calibrate
from bot.nlu.held_back import is_held_back
from bot.nlu.intent_features import counts
from bot.nlu.intent_model import IntentModel
from bot.nlu.normalize import clean

INTENTS = ["ask_amount", "greet", "out_of_scope", "report_danger"]
DIMENSIONS = 16


def people(number: int, seed: int = 0) -> tuple[list[str], np.ndarray, list[str]]:
    """Texts, vectors near their intent's corner, and intents."""
    random = np.random.RandomState(seed)
    labels = [INTENTS[i % len(INTENTS)] for i in range(number)]
    corners = np.eye(len(INTENTS), DIMENSIONS)
    vectors = np.stack([corners[INTENTS.index(label)] for label in labels])
    vectors = vectors + random.normal(scale=0.15, size=vectors.shape)
    texts = [f"{label} {seed} {i}" for i, label in enumerate(labels)]
    return texts, vectors.astype(np.float32), labels


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return IntentModel.learn(*people(400))


def test_it_knows_what_it_learned(model: IntentModel) -> None:
    texts, vectors, labels = people(80, seed=1)
    judgements = model.judge(texts, vectors)
    right = [
        judged.ranking[0][0] == label for judged, label in zip(judgements, labels, strict=True)
    ]
    assert np.mean(right) > 0.95


def test_the_ranking_holds_every_intent_once_and_sums_to_one(model: IntentModel) -> None:
    texts, vectors, _ = people(1)
    (judged,) = model.judge(texts, vectors)
    assert sorted(name for name, _ in judged.ranking) == INTENTS
    assert sum(p for _, p in judged.ranking) == pytest.approx(1, abs=1e-3)
    assert [p for _, p in judged.ranking] == sorted((p for _, p in judged.ranking), reverse=True)


def test_what_is_far_from_everything_is_less_sure(model: IntentModel) -> None:
    texts, vectors, _ = people(40, seed=2)
    near = np.mean([judged.confidence for judged in model.judge(texts, vectors)])
    nowhere = np.zeros((1, DIMENSIONS), np.float32)
    nowhere[0, -1] = -1
    (far,) = model.judge(["zzz"], nowhere)
    assert far.confidence < near


def test_danger_is_noticed_by_the_nearest_example_alone() -> None:
    """Another intent is likelier, but one example of danger is nearer than all others."""
    evidence = Evidence(
        np.log(np.array([[0.6, 0.2, 0.1, 0.1]], np.float32)),
        np.zeros((1, 4), np.float32),
        np.array([[0.5, 0.1, 0.1, 0.9]], np.float32),
    )
    careful = Calibration(danger_probability=0.5, danger_lead=0.3)
    assert careful.apply(evidence, INTENTS).danger.tolist() == [True]
    assert Calibration(danger_lead=0.5).apply(evidence, INTENTS).danger.tolist() == [False]


def test_danger_needs_no_majority() -> None:
    evidence = Evidence(
        np.log(np.array([[0.6, 0.05, 0.05, 0.3]], np.float32)),
        np.zeros((1, 4), np.float32),
        np.zeros((1, 4), np.float32),
    )
    assert Calibration(danger_probability=0.2).apply(evidence, INTENTS).danger.tolist() == [True]


def test_calibration_accepts_no_more_refusals_than_it_may() -> None:
    random = np.random.RandomState(0)
    labels = random.randint(0, 4, 2000)
    scores = random.normal(size=(2000, 4)).astype(np.float32)
    scores[np.arange(2000), labels] += 3
    evidence = Evidence(scores, np.zeros_like(scores), scores / 5)
    calibration = calibrate(evidence, labels, INTENTS)
    outcome = calibration.apply(evidence, INTENTS)
    outside = INTENTS.index("out_of_scope")
    inside = labels != outside
    refused = (outcome.confidence < calibration.least_confidence) | (
        outcome.probabilities.argmax(axis=1) == outside
    )
    assert refused[inside].mean() < REFUSED + 0.02


@pytest.mark.parametrize("lead", [0.0, 0.05, 0.3])
def test_looking_only_where_it_matters_changes_no_judgement(
    model: IntentModel, lead: float
) -> None:
    texts, vectors, _ = people(200, seed=4)
    random = np.random.RandomState(5)
    vectors += random.normal(scale=0.5, size=vectors.shape).astype(np.float32)
    careful = replace(model.calibration, danger_probability=0.9, danger_lead=lead)
    model = IntentModel(model.intents, model._arrays, careful)
    whole = careful.apply(model.evidence(counts(texts), vectors), model.intents)
    judged = model.judge(texts, vectors)
    assert [one.danger for one in judged] == whole.danger.tolist()
    assert 0 < sum(whole.danger) < len(texts)
    assert [one.confidence for one in judged] == pytest.approx(whole.confidence, abs=1e-5)


def test_spelling_alone_has_an_opinion(model: IntentModel) -> None:
    assert model.likeliest_by_spelling(["greet 0 1", "ask_amount 0 4"]) == ["greet", "ask_amount"]


def test_saved_and_loaded_it_judges_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path / "intents.npz")
    texts, vectors, _ = people(20, seed=3)
    loaded = IntentModel.load(tmp_path / "intents.npz")
    for before, after in zip(
        model.judge(texts, vectors), loaded.judge(texts, vectors), strict=True
    ):
        assert after.ranking[0][0] == before.ranking[0][0]
        assert after.confidence == pytest.approx(before.confidence, abs=0.01)
        assert after.danger == before.danger


def test_two_intents_are_enough() -> None:
    texts, vectors, labels = people(40)
    chosen = [i for i, label in enumerate(labels) if label in {"greet", "ask_amount"}]
    model = IntentModel.learn(
        [texts[i] for i in chosen], vectors[chosen], [labels[i] for i in chosen]
    )
    judged = model.judge([texts[i] for i in chosen], vectors[chosen])
    right = [j.ranking[0][0] == labels[i] for j, i in zip(judged, chosen, strict=True)]
    assert np.mean(right) > 0.95


def test_one_example_in_five_is_held_back() -> None:
    share = np.mean([is_held_back(f"sentence {number}") for number in range(5000)])
    assert 0.17 < share < 0.23
    assert is_held_back("Hello") == is_held_back("hello")


def test_a_text_is_held_back_as_it_was_typed_and_as_it_was_cleaned() -> None:
    """The encoder's training asks with the first, the classifier's with the second."""
    typed = [f" question {number}\u200b  pleaseee!!! \ufeff" for number in range(100)]
    assert [is_held_back(text) for text in typed] == [is_held_back(clean(text)) for text in typed]
    assert {is_held_back(text) for text in typed} == {True, False}
    assert is_held_back("how\ud800 much") == is_held_back("how much")


def test_spelling_is_counted_of_long_and_odd_texts() -> None:
    rows = counts(["", "a" * 100_000, "\ud800", "ok"])
    assert rows.matrix().shape[0] == 4
    assert np.isfinite(rows.data).all()
