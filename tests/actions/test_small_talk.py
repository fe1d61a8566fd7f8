from __future__ import annotations

import pytest

from actions.greet import ChangeLanguage, Greet
from actions.inform import Inform
from actions.small_talk import NotUnderstood
from actions.step import Step
from tests.dialogue import a_press, a_turn, take


def test_the_first_hello_says_who_this_is_and_that_texts_are_unreviewed() -> None:
    said = take(Greet(), a_turn("greet", slots={"welcomed": None}))
    assert said.keys == ["utter_unreviewed", "utter_welcome"]
    assert said.messages[-1]["operator"]
    assert said.slot("welcomed") is True
    assert said.slot("unreviewed_told") == "en"


def test_the_second_hello_is_short() -> None:
    assert take(Greet(), a_turn("greet")).keys == ["utter_greet_again"]


def test_a_language_that_is_named_is_taken_and_spoken_at_once() -> None:
    turn = a_turn("change_language", entities={"language": "fr"}, slots={"unreviewed_told": "en"})
    said = take(ChangeLanguage(), turn)
    assert said.keys == ["utter_unreviewed", "utter_language_changed"]
    assert {message["in_language"] for message in said.messages} == {"fr"}
    assert said.slot("language") == "fr"
    assert said.slot("unreviewed_told") == "en fr"


def test_back_in_a_language_the_note_about_its_texts_is_not_repeated() -> None:
    slots = {"unreviewed_told": "en fr", "language": "fr"}
    turn = a_turn("change_language", entities={"language": "en"}, slots=slots)
    assert take(ChangeLanguage(), turn).keys == ["utter_language_changed"]


def test_a_language_we_do_not_speak_shows_those_we_do() -> None:
    said = take(ChangeLanguage(), a_turn("change_language", entities={"language": "ja"}))
    assert said.keys == ["utter_choose_language"]
    assert '/change_language{"language": "ar"}' in said.payloads


def test_in_an_interview_the_language_changes_and_the_interview_goes_on() -> None:
    told = {"unreviewed_told": "en de"}
    turn = a_turn(**a_press("change_language", language="de"), form="check_form", slots=told)
    assert take(ChangeLanguage(), turn).keys == ["utter_language_set"]


def test_not_understood_offers_the_three_nearest_topics_then_a_person() -> None:
    turn = a_turn("nlu_fallback", ranking=("inform", "ask_cost", "ask_travel", "ask_office"))
    said = take(NotUnderstood(), turn)
    assert said.payloads == ["/ask_cost", "/ask_travel", "/ask_office", "/request_human"]
    assert said.slot("misunderstood") == 1.0


def test_not_understood_twice_offers_the_person_first() -> None:
    said = take(NotUnderstood(), a_turn("nlu_fallback", slots={"misunderstood": 1.0}))
    assert said.keys == ["utter_not_understood_again"]
    assert said.payloads[0] == "/request_human"


@pytest.mark.parametrize("action", [Inform(), NotUnderstood()])
@pytest.mark.parametrize(
    ("media", "answer"),
    [
        ("contact", "utter_media_contact"),
        ("sticker", "utter_media_other"),
        ("expired_button", "utter_button_expired"),
    ],
)
def test_what_is_no_text_is_not_met_with_silence(action: Step, media: str, answer: str) -> None:
    """In an interview the form hands it on to "not understood"."""
    assert take(action, a_turn(**a_press("inform", media=media))).keys == [answer]


def test_between_two_near_neighbours_the_person_is_asked() -> None:
    turn = a_turn(
        "nlu_fallback",
        "medicine help",
        ranking=("ask_medical", "request_information", "ask_cost"),
        odds=(0.45, 0.35, 0.05),
    )
    said = take(NotUnderstood(), turn)
    assert said.keys == ["utter_did_you_mean"]
    assert said.payloads == ["/ask_medical", "/request_information", "/request_human"]


def test_when_nothing_is_likely_three_topics_are_offered() -> None:
    turn = a_turn(
        "nlu_fallback",
        "hm",
        ranking=("ask_medical", "ask_cost", "ask_travel"),
        odds=(0.2, 0.1, 0.1),
    )
    assert take(NotUnderstood(), turn).keys == ["utter_not_understood"]
