"""One tap below an answer, and a word if one likes."""

from __future__ import annotations

import pytest

from actions.follow_request import AdditionInterview, FollowRequest, SendAddition
from desk.mailbox import conversation_for
from desk.models import Conversation, Rating, RequestEvent
from desk.requests import NewRequest, open_request
from tests.dialogue import Said, a_press, a_turn, ask, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def amina() -> Conversation:
    return conversation_for("web", "amina")


@pytest.fixture
def reference(amina: Conversation) -> str:
    new = NewRequest("message:1", amina.pk, "en", "CH", "housing", "What does a flat cost?")
    return open_request(new).reference


def tap(amina: Conversation, reference: str, value: str, form: str = "") -> Said:
    press = a_press("check_request", reference=reference, answer=f"rate_{value}")
    return take(FollowRequest(), a_turn(**press, conversation_id=amina.pk, form=form))


def test_the_last_tap_counts_and_the_same_twice_is_one(amina: Conversation, reference: str) -> None:
    assert tap(amina, reference, "helped").keys == ["utter_rated"]
    tap(amina, reference, "helped")
    said = tap(amina, reference, "not")
    assert said.keys == ["utter_rated_not"]
    assert any("request_human" in payload for payload in said.payloads)
    assert list(Rating.objects.values_list("request__reference", "value")) == [(reference, "not")]


def test_nobody_rates_the_answer_to_somebody_elses_question(
    amina: Conversation, reference: str
) -> None:
    charlie = conversation_for("web", "charlie")
    assert tap(charlie, reference, "helped").keys == ["utter_request_not_yours"]
    assert not Rating.objects.exists()


def test_a_forged_value_is_nothing(amina: Conversation, reference: str) -> None:
    assert tap(amina, reference, "wonderful").keys == []
    assert not Rating.objects.exists()


def test_a_word_is_kept_with_the_tap_and_not_added_to_the_question(
    amina: Conversation, reference: str
) -> None:
    tap(amina, reference, "partly")
    begun = tap(amina, reference, "word")
    assert begun.followed_by == "addition_form"
    slots = {"addition_reference": begun.slot("addition_reference")}
    asked = ask(AdditionInterview(), a_turn(slots=slots))
    assert (asked.keys, asked.messages[0]["reference"]) == (["utter_rating_word"], reference)
    written = {**slots, "addition_text": "The rent was missing."}
    done = take(SendAddition(), a_turn(slots=written, conversation_id=amina.pk))
    assert done.keys == ["utter_rating_word_kept"]
    assert done.slot("addition_reference") is None
    assert Rating.objects.get().word == "The rent was missing."
    assert not RequestEvent.objects.filter(kind="added").exists()
    tap(amina, reference, "helped")
    assert Rating.objects.get().word == "The rent was missing."


def test_another_interview_is_not_broken_off_for_a_word(
    amina: Conversation, reference: str
) -> None:
    tap(amina, reference, "not")
    said = tap(amina, reference, "word", form="check_form")
    assert (said.keys, said.followed_by) == ([], "")
    assert tap(amina, reference, "helped", form="check_form").keys == ["utter_rated"]
