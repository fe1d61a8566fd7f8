"""A fall in any measure is a failure that names its sentences; so is what cannot be compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.nlu.evaluate_figures import as_json, figures
from bot.nlu.evaluate_guard import falls
from bot.nlu.evaluate_measures import MEASURES, Parsed, Parses
from bot.nlu.evaluate_sets import LanguageLine, NamesLine, Sentence, TwoLine

LINES = 20
"""Of each kind: one of them is five points."""


def parsed(
    intent: str, *also: str, country: str = "", status: str = "", code: str = "en"
) -> Parsed:
    found = {("country", country), ("status", status)}
    names = frozenset((e, v) for e, v in found if v)
    return Parsed(intent, 0.9, intent, names, code, 5.0, also)


def perfect() -> Parses:
    """Everything understood."""
    numbers = range(LINES)
    asked = [(Sentence(f"how much {n}", "ask_amount", "plain"), "ask_amount") for n in numbers]
    danger = [(Sentence(f"beaten {n}", "report_danger", "plain"), "report_danger") for n in numbers]
    weather = [(Sentence(f"rain {n}", "out_of_scope", "plain"), "out_of_scope") for n in numbers]
    return Parses(
        [(sentence, parsed(intent)) for sentence, intent in (*asked, *danger, *weather)],
        [
            *((NamesLine(f"c{n}", "country", frozenset({"AF"})), AFGHAN) for n in numbers),
            *((NamesLine(f"none{n}", "country", frozenset()), parsed("inform")) for n in numbers),
            *((NamesLine(f"s{n}", "status", frozenset({"N"})), ASYLUM) for n in numbers),
        ],
        [(LanguageLine(f"hi {n}", "en"), parsed("greet")) for n in numbers],
        [(TwoLine(f"how much, where {n}", "ask_amount", "ask_office"), BOTH) for n in numbers],
    )


BOTH = parsed("ask_office", "ask_amount")
AFGHAN, ASYLUM = parsed("inform", country="AF"), parsed("inform", status="N")


def with_intent(text: str, intent: str, *also: str) -> Callable[[Parses, int], None]:
    """Misunderstands the sentences that begin so."""

    def spoil(parses: Parses, number: int) -> None:
        places = [at for at, (s, _) in enumerate(parses.sentences) if s.text.startswith(text)]
        for at in places[:number]:
            parses.sentences[at] = (parses.sentences[at][0], parsed(intent, *also))

    return spoil


def with_names(text: str, made: Parsed) -> Callable[[Parses, int], None]:
    """Finds other names in the lines that begin so."""

    def spoil(parses: Parses, number: int) -> None:
        places = [at for at, (line, _) in enumerate(parses.places) if line.text.startswith(text)]
        for at in places[:number]:
            parses.places[at] = (parses.places[at][0], made)

    return spoil


def with_language(parses: Parses, number: int) -> None:
    """Takes some lines for German."""
    for at in range(number):
        parses.languages[at] = (parses.languages[at][0], parsed("greet", code="de"))


def with_two(made: Parsed) -> Callable[[Parses, int], None]:
    """Makes something else of some messages that ask two things."""

    def spoil(parses: Parses, number: int) -> None:
        for at in range(number):
            parses.two[at] = (parses.two[at][0], made)

    return spoil


SPOILT: list[tuple[str, Callable[[Parses, int], None], str]] = [
    ("accuracy", with_intent("how", "ask_cost"), "ask_amount -> ask_cost (0.90): how much 1"),
    ("accuracy_unseen", with_intent("how", "ask_cost"), "ask_amount -> ask_cost (0.90): how much"),
    ("out_of_scope_recall", with_intent("rain", "help"), "out_of_scope -> help (0.90): rain 1"),
    ("in_scope_refused", with_intent("how", "nlu_fallback"), "ask_amount -> nlu_fallback"),
    ("danger_recall", with_intent("beaten", "complain"), "report_danger -> complain (0.90): beate"),
    ("danger_false_alarms", with_intent("rain", "report_danger"), "out_of_scope -> report_danger"),
    ("right_when_sure", with_intent("how", "ask_cost"), "ask_amount -> ask_cost (0.90): how much"),
    ("country_recall", with_names("c", parsed("inform")), "country AF missed: c1"),
    ("country_precision", with_names("none", AFGHAN), "country AF invented: none1"),
    ("other_names_recall", with_names("s", parsed("inform")), "status N missed: s1"),
    ("language_right", with_language, "language en -> de: hi 1"),
    ("both_found", with_two(parsed("ask_amount")), "ask_amount + ask_office -> ask_amount: how"),
    (
        "one_of_both_answered",
        with_two(parsed("ask_cost", "ask_amount")),
        "ask_amount + ask_office -> ask_cost + ask_amount: how much, where 1",
    ),
    ("second_invented", with_intent("how", "ask_amount", "ask_cost"), "ask_amount -> ask_amount"),
]


def complaints(parses: Parses, before: dict[str, Any] | None = None) -> list[str]:
    earlier = as_json({"en": figures(perfect())}) if before is None else before
    return falls({"en": figures(parses)}, earlier, {"en": parses}, ["en"])


def test_all_measures_are_tried() -> None:
    assert [name for name, _, _ in SPOILT] == list(MEASURES)


@pytest.mark.parametrize(("name", "spoil", "told"), SPOILT, ids=MEASURES)
def test_a_fall_in_any_measure_names_its_sentences(
    name: str, spoil: Callable[[Parses, int], None], told: str
) -> None:
    parses = perfect()
    spoil(parses, 2)
    found = complaints(parses)
    at = next(n for n, line in enumerate(found) if line.startswith(f"en: {name} "))
    named = found[at + 1 : at + 3]
    assert all(line.startswith("    ") for line in named)
    assert any(told in line for line in named)


@pytest.mark.parametrize(("name", "spoil"), [(name, spoil) for name, spoil, _ in SPOILT])
def test_one_sentence_makes_no_fall_unless_it_tells_of_danger(
    name: str, spoil: Callable[[Parses, int], None]
) -> None:
    """Of twenty it is five points, but chance alone does that."""
    parses = perfect()
    spoil(parses, 1)
    assert bool(complaints(parses)) is (name == "danger_recall")


def test_two_sentences_of_many_are_less_than_two_points() -> None:
    many, fewer = perfect(), perfect()
    for parses in (many, fewer):
        more = ((Sentence(f"more {n}", "help", "plain"), parsed("help")) for n in range(100))
        parses.sentences.extend(more)
    with_intent("how", "ask_cost")(fewer, 2)
    before = as_json({"en": figures(many)})
    assert complaints(fewer, before) == []
    with_intent("how", "ask_cost")(fewer, 3)
    assert complaints(fewer, before)[0] == "en: accuracy fell from 1.000 to 0.979."


def test_what_was_wrong_before_is_not_to_blame() -> None:
    earlier, now = perfect(), perfect()
    with_intent("how", "ask_cost")(earlier, 1)
    with_intent("how", "ask_cost")(now, 3)
    guilty = [line for line in complaints(now, as_json({"en": figures(earlier)})) if "    " in line]
    assert {line.rpartition(": ")[2] for line in guilty} == {"how much 1", "how much 2"}


def test_nothing_fell_nothing_told() -> None:
    assert complaints(perfect()) == []
    worse = perfect()
    with_intent("how", "ask_cost")(worse, 5)
    assert complaints(perfect(), as_json({"en": figures(worse)})) == [], "it became better"


def test_a_language_without_held_out_sentences_is_a_failure() -> None:
    before = as_json({"en": figures(perfect()), "ti": figures(perfect())})
    (told,) = falls({"en": figures(perfect())}, before, {"en": perfect()}, ["en", "ti"])
    assert told == "ti: no held-out sentences. Write tests/nlu/ti.yml."


def test_a_language_without_an_earlier_result_is_a_failure() -> None:
    (told,) = complaints(perfect(), {})
    assert told.startswith("en: not in tests/nlu/baseline.json.")
    assert "--update-baseline" in told


def test_a_measure_that_the_earlier_result_lacks_is_a_failure() -> None:
    before = as_json({"en": figures(perfect())})
    del before["en"]["country_precision"]
    (told,) = complaints(perfect(), before)
    assert "country_precision is not in tests/nlu/baseline.json" in told


def test_lines_that_are_gone_are_a_failure() -> None:
    parses = perfect()
    parses.languages.clear()
    (told,) = complaints(parses)
    assert told.startswith("en: language_right was 1.000, and nothing in tests/nlu/en.yml")


def test_what_was_never_measured_cannot_fall() -> None:
    without = perfect()
    without.languages.clear()
    assert complaints(without, as_json({"en": figures(without)})) == []
    assert complaints(perfect(), as_json({"en": figures(without)})) == []
