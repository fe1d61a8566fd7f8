"""In which language a conversation is: the phone's at first, then that of the first sentence."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.greet import Greet
from actions.people import Danger, RequestHuman
from actions.small_talk import NotUnderstood
from actions.step import Step
from desk.mailbox import conversation_for
from tests.dialogue import a_turn, take

SURE = {"confidence": 0.95, "source": "examples"}


async def heard(
    step: Step, text: str, slots: dict[str, Any], language: dict[str, Any] | None = None
) -> tuple[list[str], dict[str, Any]]:
    """The languages an action speaks in, and the slots after it; the phone is set to English."""
    message = {
        "text": text,
        "intent": {"name": "greet" if text == "/greet" else "help", "confidence": 1.0},
        "entities": [],
        "language": language,
        "metadata": {"language_hint": "en"},
    }
    dispatcher = CollectingDispatcher()
    tracker = Tracker("c" * 32, slots, message, [], False, None, {}, "action_listen")
    events = await step.run(dispatcher, tracker, {})
    after = {**slots, **{event["name"]: event["value"] for event in events}}
    return [one["in_language"] for one in dispatcher.messages if "in_language" in one], after


async def test_the_first_sentence_decides_where_only_the_phone_had() -> None:
    spoken, slots = await heard(Greet(), "/greet", {})
    assert set(spoken) == {"en"}
    assert (slots["language"], slots["language_guessed"]) == ("en", True)

    spoken, slots = await heard(NotUnderstood(), "ክንደይ ገንዘብ ክወስድ", slots, {"code": "ti", **SURE})
    assert set(spoken) == {"ti"}
    assert (slots["language"], slots["language_guessed"]) == ("ti", None)
    assert slots["unreviewed_told"] == "en ti"

    spoken, slots = await heard(NotUnderstood(), "Wie viel Geld?", slots, {"code": "de", **SURE})
    assert spoken == ["ti", "de"], "from now on another language is offered"
    assert slots["language"] == "ti"


async def test_a_word_that_could_be_any_language_decides_nothing() -> None:
    _, slots = await heard(Greet(), "/greet", {})
    prior = {"code": "en", "confidence": 0.9, "source": "prior"}
    _, slots = await heard(NotUnderstood(), "ok", slots, prior)
    assert (slots["language"], slots["language_guessed"]) == ("en", True)


async def test_a_name_decides_nothing() -> None:
    """Nearly every language writes "Afghanistan" like this."""
    _, slots = await heard(Greet(), "/greet", {})
    spoken, slots = await heard(NotUnderstood(), "Afghanistan", slots, {"code": "fa", **SURE})
    assert spoken[0] == "en"
    assert (slots["language"], slots["language_guessed"]) == ("en", True)


async def test_who_pressed_a_button_reads_the_language() -> None:
    """The name of a medicine, copied from a packet, changes nothing after that."""
    _, slots = await heard(Greet(), "/greet", {})
    _, slots = await heard(NotUnderstood(), "/help", slots)
    assert (slots["language"], slots["language_guessed"]) == ("en", None)
    _, slots = await heard(NotUnderstood(), "einmal am Tag", slots, {"code": "de", **SURE})
    assert slots["language"] == "en"


async def test_what_was_chosen_is_no_guess() -> None:
    chosen = {"language": "ar", "language_guessed": None}
    _, slots = await heard(NotUnderstood(), "How much money", chosen, {"code": "en", **SURE})
    assert slots["language"] == "ar"


@pytest.mark.django_db
def test_danger_is_answered_in_the_language_it_is_written_in_as_well() -> None:
    amina = conversation_for("web", "amina")
    said = take(Danger(), a_turn("report_danger", spoken="ti", conversation_id=amina.pk))
    assert said.keys == ["utter_danger", "utter_danger", "utter_offer_language"]
    assert [message["in_language"] for message in said.messages] == ["ti", "en", "ti"]


@pytest.mark.django_db
def test_who_asks_for_a_person_in_another_language_is_offered_it() -> None:
    amina = conversation_for("web", "amina")
    said = take(RequestHuman(), a_turn("request_human", spoken="ti", conversation_id=amina.pk))
    assert said.keys[-1] == "utter_offer_language"
