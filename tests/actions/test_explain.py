"""After a check: why, and what if."""

from __future__ import annotations

import pytest

from actions.answer import Answer
from actions.check import CheckInterview, CheckResult
from actions.choices import ASKED
from actions.explain import wants_explanation
from actions.inform import Inform
from actions.small_talk import NotUnderstood
from tests.dialogue import Said, a_press, a_turn, take
from wegweiser.texts import languages, texts

AMINA = {
    "host_country": "CH",
    "status": "asylum_rejected",
    "place": "canton",
    "nationality": "AF",
    "destination": "AF",
    "adults": "2",
    "minors": "3",
    "canton": "BE",
    "received_before": "false",
    "topic": "check_eligibility",
}


def press(slots: dict[str, str] | None = None, **entities: str) -> Said:
    told = AMINA if slots is None else slots
    return take(Answer(), a_turn(**a_press("ask_programme", **entities), slots=told))


def test_why_offers_each_programme_and_then_gives_its_reasons_money_and_source() -> None:
    offered = press(answer="why")
    assert offered.keys == ["utter_why_choose"]
    assert any('"programme": "ch.individual"' in payload for payload in offered.payloads)

    said = press(answer="why", programme="ch.individual")
    assert said.keys == ["utter_why", "utter_why_more"]
    reasons = said.messages[0]["reasons"]
    assert "2 × CHF" in reasons, "a household's money in its parts"
    assert "3 × CHF" in reasons
    assert "SEM decides" in reasons
    assert "As of" in reasons


def test_who_decides_is_named_by_an_abbreviation_or_not_at_all() -> None:
    said = press(answer="why", programme="ch.ras").messages[0]["reasons"]
    assert "Who pays" not in said
    assert "authority decides" in said
    assert "decides" not in press(answer="why", programme="ch.rif").messages[0]["reasons"]


def test_a_programme_that_does_not_fit_says_which_condition_speaks_against_it() -> None:
    said = press(answer="why", programme="ch.raz")
    assert said.messages[0]["verdict"] == "probably does not fit"
    assert "federal asylum centre" in said.messages[0]["reasons"]


def test_one_change_shows_what_it_changes_and_changes_nothing() -> None:
    said = press(answer="what_if", question="place", value="federal_centre")
    assert said.keys == ["utter_what_if"]
    changes = said.messages[0]["changes"].splitlines()
    assert any("RAZ" in line for line in changes)
    assert any("Individual return assistance" in line for line in changes)
    assert said.remembered() <= {"misunderstood"}


def test_fewer_children_change_the_amount() -> None:
    said = press(answer="what_if", question="minors", value="1")
    line = next(one for one in said.messages[0]["changes"].splitlines() if "Individual" in one)
    before, after = line.split("→")
    assert "3,500" in before
    assert "2,500" in after
    assert "As of" in said.messages[0]["changes"], "an amount never stands without its date"


def test_the_same_answer_changes_nothing_and_says_so() -> None:
    said = press(answer="what_if", question="canton", value="ZH")
    assert said.keys == ["utter_what_if_same"]


def test_what_if_offers_what_can_be_pressed_and_not_the_present_answer() -> None:
    offered = press(answer="what_if")
    assert offered.keys == ["utter_what_if_choose"]
    assert '/ask_programme{"answer": "what_if", "question": "status"}' in offered.payloads
    values = press(answer="what_if", question="status").payloads
    assert any("temporarily_admitted" in one for one in values)
    assert not any("asylum_rejected" in one for one in values)


@pytest.mark.parametrize("step", [Answer(), Inform(), NotUnderstood(), CheckResult()])
def test_a_typed_what_if_is_heard_wherever_it_lands(step: Answer) -> None:
    """The model may take it for a fact, a question, a check or nothing it knows."""
    turn = a_turn("inform", "What if I go to Serbia?", entities={"country": "RS"}, slots=AMINA)
    said = take(step, turn)
    assert "utter_what_if" in said.keys
    assert "nationality" not in said.remembered()
    if isinstance(step, CheckResult):
        assert CheckInterview().open(turn) == {"check_answer": "done"}


def test_a_typed_why_counts_alone_and_only_after_a_check() -> None:
    assert wants_explanation(a_turn("nlu_fallback", "Why?", slots=AMINA))
    assert not wants_explanation(a_turn("nlu_fallback", "Why?"))
    assert not wants_explanation(a_turn("complain", "Why did my brother get more?", slots=AMINA))


def test_a_what_if_about_something_else_is_a_question_of_its_own() -> None:
    turn = a_turn("ask_change_of_mind", "What if I change my mind?", slots=AMINA)
    assert take(Answer(), turn).keys == ["utter_ask_change_of_mind"]


def test_in_turkish_it_stands_at_the_end() -> None:
    told = {**AMINA, "language": "tr"}
    turn = a_turn("inform", "Sırbistan'a gitsem ne olur?", language="tr", spoken="tr", slots=told)
    assert wants_explanation(turn)
    assert wants_explanation(a_turn("inform", "NİYE?", language="tr", spoken="tr", slots=told))


def test_without_a_host_country_there_is_nothing_to_explain() -> None:
    said = press({"host_country": "", "topic": "check_eligibility"}, answer="why")
    assert said.keys == ["utter_why_nothing"]


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_everything_that_can_be_tried_has_words_in_every_language(language: str) -> None:
    offered = {key for key in texts("en").buttons if key.startswith("try_")}
    assert {key.removeprefix("try_") for key in offered} <= set(ASKED)
    assert offered <= set(texts(language).buttons)
