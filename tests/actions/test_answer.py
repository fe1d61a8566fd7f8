from __future__ import annotations

import pytest

from actions.answer import Answer
from actions.inform import Inform
from tests.dialogue import a_press, a_turn, take
from wegweiser.texts import skeleton


def test_answers_for_the_country_the_person_lives_in() -> None:
    said = take(Answer(), a_turn("ask_amount"))
    assert said.keys == ["utter_ask_amount"]
    assert said.messages[0]["in_host_country"] == "CH"


def test_asks_for_the_country_first_and_answers_when_it_is_given() -> None:
    asked = take(Answer(), a_turn("ask_amount", slots={"host_country": None}))
    assert asked.keys == ["utter_ask_host_country"]
    assert asked.slot("waiting_question") == "ask_amount"

    slots = {"host_country": None, "waiting_question": "ask_amount"}
    told = take(Inform(), a_turn(**a_press("inform", host_country="DE"), slots=slots))
    assert told.keys == ["utter_ask_amount"]
    assert told.messages[0]["in_host_country"] == "DE"
    assert told.slot("host_country") == "DE"
    assert told.slot("waiting_question") is None


def test_a_country_named_in_the_question_is_answered_for_without_moving_the_person() -> None:
    said = take(Answer(), a_turn("ask_amount", entities={"country": "DE"}))
    assert said.messages[0]["in_host_country"] == "DE"
    assert "host_country" not in said.remembered()


def test_an_answer_that_is_the_same_everywhere_does_not_ask_for_the_country() -> None:
    said = take(Answer(), a_turn("ask_privacy", slots={"host_country": None}))
    assert said.keys == ["utter_ask_privacy"]


@pytest.mark.parametrize(
    ("host", "expected"),
    [("CH", "utter_programme_ch_eurp"), ("DE", "utter_programme_de_eurp")],
)
def test_of_twin_programmes_the_one_of_the_host_country_is_told(host: str, expected: str) -> None:
    turn = a_turn(
        "ask_programme",
        entities={"programme": ("de.eurp", "ch.eurp")},
        slots={"host_country": host},
    )
    assert take(Answer(), turn).keys == [expected]


def test_the_list_of_programmes_has_a_button_for_each_and_a_person() -> None:
    said = take(Answer(), a_turn("ask_programme"))
    assert '/ask_programme{"programme": "ch.rif"}' in said.payloads
    assert said.payloads[-1] == "/request_human"


def test_facts_are_noted_and_kept() -> None:
    turn = a_turn("inform", entities={"country": "AF", "status": "temporarily_admitted"})
    said = take(Inform(), turn)
    assert said.keys == ["utter_noted"]
    assert said.slot("nationality") == "AF"
    assert said.slot("status") == "temporarily_admitted"
    assert "Afghanistan" in said.messages[0]["facts"]


def test_moving_to_the_other_country_forgets_what_belonged_to_the_first() -> None:
    turn = a_turn("inform", entities={"country": "DE"}, slots={"canton": "BE", "place": "canton"})
    said = take(Inform(), turn)
    assert said.keys == ["utter_host_country_set"]
    assert said.slot("canton") is None
    assert said.slot("place") is None


def test_another_language_is_offered_in_that_language_never_switched() -> None:
    said = take(Answer(), a_turn("ask_cost", spoken="ar"))
    assert said.keys == ["utter_ask_cost", "utter_offer_language"]
    assert said.messages[1]["in_language"] == "ar"
    assert "language" not in said.remembered()


def test_the_office_of_the_canton_is_named_with_how_to_reach_it() -> None:
    said = take(Answer(), a_turn("ask_office", entities={"place": "CH-BE"}))
    assert said.keys == ["utter_offices", "utter_ask_office"]
    assert "031 385 18 18" in said.messages[0]["offices"].replace("+41 31", "031")


def test_without_a_known_office_nothing_is_invented() -> None:
    assert take(Answer(), a_turn("ask_office")).keys == ["utter_ask_office"]


def test_a_second_question_waits_until_we_know_where_somebody_lives() -> None:
    """Else its buttons would stand where those of the two countries have to stand."""
    asked = take(
        Answer(),
        a_turn(
            "ask_amount",
            "how much and how long",
            slots={"host_country": None},
            also_asked=("ask_processing_time", "request_human"),
        ),
    )
    assert asked.keys == ["utter_ask_host_country"]
    waiting = asked.slot("waiting_question")
    told = take(
        Inform(),
        a_turn(
            "inform",
            '/inform{"host_country": "CH"}',
            slots={"host_country": None, "waiting_question": waiting},
            entities={"host_country": ("CH",)},
        ),
    )
    assert told.keys == ["utter_ask_amount", "utter_also_asked"]
    assert told.payloads[-2:] == ["/ask_processing_time", "/request_human"]
    assert told.slot("waiting_question") is None


def test_a_person_as_the_second_thing_is_below_every_answer_as_it_is() -> None:
    said = take(Answer(), a_turn("ask_amount", "how much, call me", also_asked=("request_human",)))
    assert said.keys == ["utter_ask_amount"]
    answers = {key: buttons for key, buttons in skeleton().items() if key.startswith("utter_ask_")}
    assert len(answers) > 15
    assert [
        key
        for key, buttons in answers.items()
        if "/request_human" not in [button["payload"] for button in buttons]
    ] == ["utter_ask_programme"], "of which `_more` makes the buttons"


def test_a_second_question_is_offered_below_the_answer_to_the_first() -> None:
    turn = a_turn("ask_amount", "how much and how long", also_asked=("ask_processing_time",))
    said = take(Answer(), turn)
    assert said.keys[-1] == "utter_also_asked"
    assert said.payloads[-2:] == ["/ask_processing_time", "/request_human"]
