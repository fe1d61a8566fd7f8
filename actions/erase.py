"""Delete my data: ask once, erase everything, and say what was erased."""

from __future__ import annotations

from rasa_sdk.events import AllSlotsReset, EventType, SlotSet

from actions.step import Step
from actions.turn import Turn, Voice
from desk.requests import erase
from wegweiser.wording import number


class Erase(Step):
    action = "action_erase"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        if turn.entity("answer") == "yes":
            return erase_all(turn, voice)
        if turn.entity("answer") == "no":
            voice.say("utter_erase_kept")
            return [SlotSet("to_confirm", None)]
        voice.say("utter_erase_ask")
        return [SlotSet("to_confirm", "erase")]


def erase_all(turn: Turn, voice: Voice) -> list[EventType]:
    """Erase the conversation; only the language of the confirmation is still known."""
    erased = erase(turn.conversation_id)
    voice.say(
        "utter_erased",
        messages=number(erased.messages, voice.language),
        requests=number(erased.requests, voice.language),
    )
    return [AllSlotsReset(), SlotSet("language", voice.language)]
