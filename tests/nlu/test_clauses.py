"""A message is parted where it says a second thing, and nowhere else."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from rasa.engine.storage.resource import Resource

from bot.nlu import encoder
from bot.nlu.clauses import MOST_PARTS, clauses
from bot.nlu.intent_classifier import MeaningClassifier, _also_asked, _first_of_two
from bot.nlu.intent_model import Judgement


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        (
            "en",
            "How much money do I get and how long does it take?",
            ["How much money do I get", "how long does it take"],
        ),
        (
            "de",
            "Wie viel Geld bekomme ich? Und wie lange dauert das?",
            ["Wie viel Geld bekomme ich", "wie lange dauert das"],
        ),
        (
            "ar",
            "كم المبلغ الذي أحصل عليه وكم يستغرق ذلك؟",
            ["كم المبلغ الذي أحصل عليه", "كم يستغرق ذلك"],
        ),
        ("fa", "چقدر پول می‌گیرم و چقدر طول می‌کشد؟", ["چقدر پول می‌گیرم", "چقدر طول می‌کشد"]),
        (
            "ru",
            "Сколько денег дадут и как долго это длится",
            ["Сколько денег дадут", "как долго это длится"],
        ),
        ("fa", "مشاوره رایگان است، دفتر شما کجاست؟", ["مشاوره رایگان است", "دفتر شما کجاست"]),
        ("ar", "أين المكتب القريب وما الخطوات للطلب", ["أين المكتب القريب", "ما الخطوات للطلب"]),
        ("tr", "ne kadar surer bide bilet kimden", ["ne kadar surer", "bilet kimden"]),
        (
            "uk",
            "chy dopomozhut z kvytkom i skilky groshey",
            ["chy dopomozhut z kvytkom", "skilky groshey"],
        ),
        ("ti", "RAS ማለት እንታይ እዩ፡ ኣብኡ ክኣቱ ይኽእል ድየ፧", ["RAS ማለት እንታይ እዩ", "ኣብኡ ክኣቱ ይኽእል ድየ"]),
        ("ti", "ክንደይ ገንዘብ ክረክብ እየ። ክንደይ ግዜ ይወስድ፧", ["ክንደይ ገንዘብ ክረክብ እየ", "ክንደይ ግዜ ይወስድ"]),
    ],
)
def test_two_questions_are_two_parts(language: str, text: str, parts: list[str]) -> None:
    assert clauses(text, language) == parts


@pytest.mark.parametrize(
    "text",
    [
        "How much money do I get?",
        "my wife and I",
        "me and you",
        "Hallo, wie geht es?",
        "",
        "?!",
        "وزارة الداخلية",
    ],
)
def test_one_thing_has_no_parts(text: str) -> None:
    assert clauses(text, "en") == []
    assert clauses(text, "ar") == []


def test_of_a_long_story_only_the_beginning_is_parted() -> None:
    assert len(clauses("I have a question for you. " * 50, "en")) == MOST_PARTS


def parts(*told: tuple[str, float]) -> list[Judgement]:
    return [Judgement([(intent, 0.9)], confidence, True, False) for intent, confidence in told]


@pytest.mark.parametrize(
    ("name", "told", "also"),
    [
        ("ask_cost", parts(("ask_cost", 0.9), ("ask_travel", 0.7)), ["ask_travel"]),
        ("ask_travel", parts(("ask_cost", 0.9), ("ask_travel", 0.1)), ["ask_cost"]),
        ("ask_cost", parts(("ask_cost", 0.9), ("ask_travel", 0.5)), []),
        ("ask_office", parts(("ask_cost", 0.9), ("ask_travel", 0.9)), []),
        ("ask_cost", parts(("ask_cost", 0.9), ("request_human", 0.9)), ["request_human"]),
        ("ask_cost", parts(("ask_cost", 0.9), ("greet", 0.9), ("inform", 0.9)), []),
        ("ask_cost", parts(("ask_cost", 0.9), ("ask_voluntary_return", 0.9)), []),
        ("ask_cost", parts(("ask_cost", 0.9), ("ask_cost", 0.9)), []),
        ("ask_cost", [], []),
    ],
)
def test_what_else_is_asked_is_certain_and_beside_what_was_understood(
    name: str, told: list[Judgement], also: list[str]
) -> None:
    assert _also_asked(name, told) == also


def test_of_what_is_unfamiliar_as_a_whole_two_familiar_questions_are_taken() -> None:
    both = parts(("ask_cost", 0.7), ("ask_travel", 0.9), ("ask_cost", 0.95))
    assert _first_of_two(both) == ("ask_cost", 0.7)
    assert _also_asked("ask_cost", both) == ["ask_travel"]
    assert _first_of_two(parts(("ask_cost", 0.7), ("ask_travel", 0.5))) is None
    assert _first_of_two(parts(("request_human", 0.9), ("ask_travel", 0.9))) is None
    assert _first_of_two([]) is None


class Guessing:
    """A model for which a part's first word is its intent; notes which parts were looked at."""

    def __init__(self) -> None:
        self.judged: list[str] = []

    def likeliest_by_spelling(self, texts: list[str]) -> list[str]:
        return [text.split()[0] for text in texts]

    def judge(self, texts: list[str], vectors: object) -> list[Judgement]:
        self.judged += texts
        return [Judgement([(text.split()[0], 0.99)], 0.95, True, False) for text in texts]


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("ask_amount for us. ask_travel for me.", ["ask_amount for us", "ask_travel for me"]),
        ("inform about a war. ask_amount for us. ask_travel.", ["ask_amount for us", "ask_travel"]),
        ("inform about a war. ask_amount for us.", []),
        ("ask_amount for us. ask_amount for me.", []),
        ("ask_amount for us", []),
    ],
)
def test_only_parts_that_may_ask_different_things_reach_the_encoder(
    monkeypatch: pytest.MonkeyPatch, text: str, judged: list[str]
) -> None:
    model = Guessing()
    blank = SimpleNamespace(encode=lambda texts: np.zeros((len(texts), 1)))
    monkeypatch.setattr(encoder, "opened", lambda _folder: blank)
    classifier = MeaningClassifier(None, Resource("x"), model)  # type: ignore[arg-type]
    found = [part.ranking[0][0] for part in classifier._parts(text, "en")]
    assert model.judged == judged
    assert found == [part.split()[0] for part in judged]
