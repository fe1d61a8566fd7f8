"""A message is parted where it says a second thing, and nowhere else."""

from __future__ import annotations

import pytest

from bot.nlu.clauses import MOST_PARTS, clauses


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
