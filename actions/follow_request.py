"""What became of a request: its state, withdrawing it, adding to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions import rate_answer
from actions.interview import AskAction, Interview, ListenAction
from actions.request import IDENTIFYING, MAX_TEXT, is_urgent
from actions.step import Step
from actions.turn import Turn, Voice, press
from desk.requests import (
    RequestStatus,
    UnknownRequest,
    add_information,
    parse_reference,
    requests_of,
    withdraw,
)
from wegweiser.wording import country_name, day

SHOWN = 5
"""Requests offered as buttons, the newest first."""


class FollowRequest(Step):
    action = "action_follow_request"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        return follow(turn, voice)


def follow(turn: Turn, voice: Voice) -> list[EventType]:
    """Tell the state of a request, or do with it what a button says."""
    mine = requests_of(turn.conversation_id)
    wanted = turn.entity("reference") if turn.is_button else parse_reference(turn.text)
    if not mine and not wanted:
        voice.say("utter_request_none")
        return []
    if wanted and wanted not in {one.reference for one in mine}:
        voice.say("utter_request_not_yours", reference=wanted)
        return []
    does = turn.entity("answer")
    if wanted and rate_answer.is_about_rating(does):
        return rate_answer.take_rating(does, wanted, turn, voice)
    usable = [one for one in mine if one.is_open] if does == "withdraw" else mine
    if wanted:
        chosen = next(one for one in mine if one.reference == wanted)
    elif len(usable) == 1 or (usable and not does and len(mine) == 1):
        chosen = usable[0]
    elif usable:
        voice.say("utter_request_choose", *_choices(usable, does, voice))
        return []
    else:
        chosen = mine[0]
    return _do(does, chosen, turn, voice)


def _choices(requests: list[RequestStatus], does: str, voice: Voice) -> list[dict[str, str]]:
    return [
        press(
            f"{one.reference} {country_name(one.country, voice.language) if one.country else ''}",
            "check_request",
            reference=one.reference,
            **({"answer": does} if does else {}),
        )
        for one in requests[:SHOWN]
    ]


def _do(does: str, chosen: RequestStatus, turn: Turn, voice: Voice) -> list[EventType]:
    reference = chosen.reference
    if does == "withdraw" and chosen.is_open:
        voice.say(
            "utter_request_ask_withdraw",
            voice.button(
                "withdraw_yes", "check_request", reference=reference, answer="withdraw_yes"
            ),
            voice.button("withdraw_no", "check_request", reference=reference),
            reference=reference,
        )
        return [SlotSet("to_confirm", f"withdraw:{reference}")]
    if does == "withdraw_yes":
        return take_back(turn, voice, reference)
    if does == "add" and not turn.form:
        return [
            SlotSet("addition_reference", reference),
            SlotSet("addition_answer", None),
            FollowupAction("addition_form"),
        ]
    tell(chosen, turn, voice)
    return []


def take_back(turn: Turn, voice: Voice, reference: str) -> list[EventType]:
    """Withdraw a request of this conversation."""
    try:
        withdraw(turn.conversation_id, reference)
    except UnknownRequest:
        voice.say("utter_request_not_yours", reference=reference)
    else:
        voice.say("utter_request_withdrawn", reference=reference)
    return [SlotSet("to_confirm", None)]


def tell(request: RequestStatus, turn: Turn, voice: Voice) -> None:
    """Say how a request stands; one that is late says so first."""
    values = {"reference": request.reference, "date": day(request.promised_on, voice.language)}
    add = voice.button("add", "check_request", reference=request.reference, answer="add")
    human = voice.button("human", "request_human")
    if request.is_open and request.promised_on < turn.today:
        voice.say("utter_request_late", human, add, **values)
        return
    buttons = [add, human]
    if request.is_open:
        buttons.insert(
            1,
            voice.button(
                "withdraw", "check_request", reference=request.reference, answer="withdraw"
            ),
        )
    voice.say(f"utter_request_state_{request.state}", *buttons, **values)


class AdditionInterview(Interview):
    """One question only: what should be added."""

    name = "addition"

    def open(self, turn: Turn) -> dict[str, str | None]:
        return {}

    def next(self, slots: Mapping[str, Any], turn: Turn) -> str | None:
        return None if slots.get("addition_text") else "text"

    def ask(self, question: str | None, turn: Turn, voice: Voice) -> str:
        reference = turn.slot("addition_reference")
        rated = rate_answer.reference_rated(reference)
        key = "utter_rating_word" if rated else "utter_addition_ask"
        voice.say(key, voice.button("cancel", "stop"), reference=rated or reference)
        return "text"

    def read(self, question: str, turn: Turn, voice: Voice) -> dict[str, str | None] | None:
        text = " ".join(turn.text.split())[:MAX_TEXT]
        if turn.is_button or is_urgent(turn) or len(text) < 2:
            return None
        kept = IDENTIFYING.sub("[…]", text)
        if kept != text:
            voice.say("utter_request_numbers_removed")
        return {"addition_text": kept}


class ListenAddition(ListenAction):
    interview = AdditionInterview()


class AskAddition(AskAction):
    interview = AdditionInterview()


class SendAddition(Step):
    action = "action_send_addition"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        reference = turn.slot("addition_reference")
        rated = rate_answer.reference_rated(reference)
        try:
            if rated:
                rate_answer.keep_word(rated, turn, voice)
                return _forgotten()
            add_information(
                turn.conversation_id,
                reference,
                turn.slot("addition_text"),
                f"message:{turn.message_id}",
            )
        except UnknownRequest:
            voice.say("utter_request_not_yours", reference=rated or reference)
        else:
            voice.say("utter_addition_sent", reference=reference)
        return _forgotten()


def _forgotten() -> list[EventType]:
    slots = ("addition_answer", "addition_question", "addition_text", "addition_reference")
    return [SlotSet(slot, None) for slot in slots]
