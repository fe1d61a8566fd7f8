"""The pipeline inside Rasa: trained, packed, loaded, asked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.intent_classifier import FALLBACK, MeaningClassifier, UntrainedError
from tests.nlu.hostile import HOSTILE

if TYPE_CHECKING:
    from bot.nlu.evaluate_model import Reader


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hello!", "greet"),
        ("how much money will I get", "ask_amount"),
        ("wie viel Geld gibt es", "ask_amount"),
        ("كم المال الذي أحصل عليه", "ask_amount"),
        ("combien d'argent vais-je recevoir", "ask_amount"),
        ("my brother wants to kill me", "report_danger"),
        ("er schlägt mich", "report_danger"),
        ("Afghanistan", "inform"),
        ("REAG", "ask_programme"),
    ],
)
def test_what_was_learned_is_understood(reader: Reader, text: str, intent: str) -> None:
    assert reader.raw(text)["intent"]["name"] == intent


def test_what_a_parse_contains(reader: Reader) -> None:
    parse = reader.raw("Ich bin aus Afghanistan", {"language": None, "language_hint": "de"})
    assert set(parse["language"]) == {"code", "confidence", "source"}
    assert parse["language"]["code"] == "de"
    assert [(e["entity"], e["value"], e["extractor"]) for e in parse["entities"]] == [
        ("country", "AF", "Names")
    ]
    assert parse["intent"]["name"] == parse["intent_ranking"][0]["name"]
    confidences = [entry["confidence"] for entry in parse["intent_ranking"]]
    assert all(0 <= confidence <= 1 for confidence in confidences)


def test_metadata_decides_short_texts(reader: Reader) -> None:
    assert reader.raw("ok", {"language": "fr"})["language"]["code"] == "fr"
    assert reader.raw("?", {"language": None, "language_hint": "tr-TR"})["language"]["code"] == "tr"
    assert reader.raw("?", {"language": 5, "language_hint": ["x"]})["language"]["code"] == "en"


def test_a_fallback_keeps_the_nearest_topics(reader: Reader) -> None:
    for text in ("qwxz vvkj", "🙂", "....", "lorem ipsum dolor sit amet", " "):
        parse = reader.raw(text)
        if parse["intent"]["name"] == FALLBACK:
            names = [entry["name"] for entry in parse["intent_ranking"]]
            assert FALLBACK not in names
            assert len(names) >= 3
            return
    pytest.fail("Nothing was refused.")


# What looks like `/intent{}` Rasa takes for an intent before any component sees it: the channel's
# business, and tested there.
TEXTS = {name: text for name, text in HOSTILE.items() if not text.startswith("/")}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_hostile_messages_are_parsed_in_bounded_time(reader: Reader, text: str) -> None:
    started = time.monotonic()
    parse = reader.raw(text)
    assert parse["intent"]["name"]
    assert parse["language"]["code"]
    assert time.monotonic() - started < 10


def test_without_training_it_says_so() -> None:
    classifier = MeaningClassifier(None, Resource("none"))  # type: ignore[arg-type]
    with pytest.raises(UntrainedError, match="make train"):
        classifier.process([Message({"text": "hello"})])
