from __future__ import annotations

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.erase import Erase
from actions.follow_request import FollowRequest
from actions.inform import Inform
from actions.people import Danger, RequestHuman
from actions.request import RequestInterview, SendRequest
from actions.small_talk import Confirm
from actions.turn import Voice
from desk.mailbox import Incoming, conversation_for, receive
from desk.models import Conversation, InformationRequest
from desk.requests import requests_of
from tests.dialogue import a_press, a_turn, ask, listen, take

REQUEST = RequestInterview()
DRAFT = {
    "request_consent": "yes",
    "request_country": "AF",
    "request_place": "Herat",
    "request_topic": "medical",
    "request_text": "Is insulin glargine available in Herat, and what does it cost?",
    "request_share": "no",
    "request_confirmed": "yes",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def amina() -> Conversation:
    return conversation_for("web", "amina")


def test_consent_comes_first_and_a_no_ends_it() -> None:
    said = ask(REQUEST, a_turn())
    assert said.keys == ["utter_request_ask_consent"]
    refused = {"request_consent": "no"}
    assert REQUEST.next(a_turn(slots=refused).slots, a_turn()) is None
    ended = take(SendRequest(), a_turn(slots=refused))
    assert ended.keys == ["utter_request_cancelled"]
    assert InformationRequest.objects.count() == 0


def test_a_question_is_taken_as_it_was_written_whatever_it_sounds_like() -> None:
    turn = a_turn("ask_medical", "who pays insulin in Herat")
    assert listen(REQUEST, "text", turn) == {"request_text": "who pays insulin in Herat"}


@pytest.mark.parametrize("intent", ["stop", "report_danger", "delete_my_data", "change_language"])
def test_what_is_more_urgent_is_never_taken_for_the_question(intent: str) -> None:
    assert listen(REQUEST, "text", a_turn(intent, "I want to die")) is None


def test_a_suspicion_of_danger_loses_no_question_and_still_says_the_numbers() -> None:
    turn = a_turn("report_danger", "insulin glargine, 20 units a day", confidence=0.5)
    dispatcher = CollectingDispatcher()
    got = REQUEST.read("text", turn, Voice(dispatcher, "en", "CH"))
    assert got == {"request_text": "insulin glargine, 20 units a day"}
    assert dispatcher.messages[0]["response"] == "utter_danger_numbers"


@pytest.mark.parametrize(
    "private",
    ["call me +41 79 123 45 67", "my number is N 123 456", "write to amina@example.org"],
)
def test_numbers_and_mail_addresses_are_taken_out(private: str) -> None:
    got = listen(REQUEST, "text", a_turn("inform", f"Is there insulin? {private}"))
    assert got is not None
    assert "[…]" in str(got["request_text"])
    assert not any(part in str(got["request_text"]) for part in ("123", "amina@"))


def test_the_request_is_read_back_before_it_is_sent() -> None:
    draft = {**DRAFT, "request_confirmed": None}
    said = ask(REQUEST, a_turn(slots=draft))
    assert said.keys == ["utter_request_ask_confirmed"]
    summary = said.messages[0]["summary"]
    assert "Afghanistan" in summary
    assert "insulin glargine" in summary


FACTS = {"nationality": "AF", "status": "asylum_rejected", "adults": "2", "minors": "unknown"}


def test_what_was_told_is_read_back_and_kept_only_after_a_yes(amina: Conversation) -> None:
    for answer, expected in (
        ("yes", {"nationality": "AF", "status": "asylum_rejected", "adults": "2"}),
        ("no", None),
    ):
        slots = {**DRAFT, **FACTS, "request_share": answer}
        shown = ask(REQUEST, a_turn(slots={**slots, "request_confirmed": None}))
        summary = shown.messages[0]["summary"]
        assert ("your permit or situation: asylum application refused" in summary) is bool(expected)
        take(SendRequest(), a_turn(slots=slots, conversation_id=amina.pk, message_id=answer))
        assert InformationRequest.objects.get(origin_key=f"message:{answer}").facts == expected


def test_changing_one_part_asks_only_for_that_part() -> None:
    slots = {**DRAFT, "request_confirmed": "change"}
    changed = listen(
        REQUEST, "change", a_turn(**a_press("inform", question="request_change", answer="place"))
    )
    assert changed == {"request_place": None, "request_confirmed": None}
    turn = a_turn(slots={**slots, **changed})
    assert REQUEST.next(turn.slots, turn) == "place"


def test_sent_twice_by_a_repeated_turn_it_is_one_request(amina: Conversation) -> None:
    turn = a_turn(slots=DRAFT, conversation_id=amina.pk)
    first, second = take(SendRequest(), turn), take(SendRequest(), turn)
    assert first.keys == second.keys == ["utter_request_sent"]
    assert first.messages[0]["reference"] == second.messages[0]["reference"]
    request = InformationRequest.objects.get()
    assert request.question == DRAFT["request_text"]
    assert request.promised_on > request.created_at.date()
    assert first.slot("request_text") is None


def test_the_state_is_told_and_the_request_withdrawn_after_asking(amina: Conversation) -> None:
    take(SendRequest(), a_turn(slots=DRAFT, conversation_id=amina.pk))
    told = take(FollowRequest(), a_turn("check_request", conversation_id=amina.pk))
    assert told.keys == ["utter_request_state_received"]
    asked = take(
        FollowRequest(),
        a_turn(**a_press("check_request", answer="withdraw"), conversation_id=amina.pk),
    )
    assert asked.keys == ["utter_request_ask_withdraw"]
    slots = {"to_confirm": asked.slot("to_confirm")}
    done = take(Confirm(), a_turn("affirm", slots=slots, conversation_id=amina.pk))
    assert done.keys == ["utter_request_withdrawn"]
    assert requests_of(amina.pk)[0].state == "withdrawn"


def test_somebody_elses_request_looks_like_none(amina: Conversation) -> None:
    take(SendRequest(), a_turn(slots=DRAFT, conversation_id=amina.pk))
    reference = requests_of(amina.pk)[0].reference
    charlie = conversation_for("web", "charlie")
    said = take(
        FollowRequest(), a_turn("check_request", f"what of {reference}", conversation_id=charlie.pk)
    )
    assert said.keys == ["utter_request_not_yours"]


def test_danger_marks_the_conversation_and_gives_the_numbers(amina: Conversation) -> None:
    said = take(Danger(), a_turn("report_danger", conversation_id=amina.pk))
    assert said.keys == ["utter_danger"]
    amina.refresh_from_db()
    assert amina.danger_since is not None


def test_asking_for_a_person_puts_on_the_waiting_list_once(amina: Conversation) -> None:
    take(RequestHuman(), a_turn("request_human", conversation_id=amina.pk))
    amina.refresh_from_db()
    since = amina.waiting_since
    take(RequestHuman(), a_turn("request_human", conversation_id=amina.pk))
    amina.refresh_from_db()
    assert since is not None
    assert amina.waiting_since == since


def test_erasing_asks_first_then_says_what_was_erased(amina: Conversation) -> None:
    receive(Incoming(channel="web", address="amina", key="web:1", text="I am from Herat"))
    take(SendRequest(), a_turn(slots=DRAFT, conversation_id=amina.pk))
    asked = take(Erase(), a_turn("delete_my_data", conversation_id=amina.pk))
    assert asked.keys == ["utter_erase_ask"]
    assert InformationRequest.objects.count() == 1
    done = take(
        Erase(), a_turn(**a_press("delete_my_data", answer="yes"), conversation_id=amina.pk)
    )
    assert done.keys == ["utter_erased"]
    assert done.messages[0]["requests"] == "1"
    assert InformationRequest.objects.count() == 0


def test_a_button_of_a_question_that_is_no_longer_open_goes_on_from_there() -> None:
    said = take(Inform(), a_turn(**a_press("inform", question="request_topic", answer="housing")))
    assert said.slot("request_topic") == "housing"
    assert said.followed_by == "request_form"
    said = take(Inform(), a_turn(**a_press("inform", question="status", answer="tolerated")))
    assert said.slot("status") == "tolerated"
    assert said.followed_by == "check_form"
