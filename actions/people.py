"""A person: the waiting list for a live conversation, and danger."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rasa_sdk.events import EventType, SlotSet

from actions.step import Step, offer_language, writes_another
from actions.turn import Turn, Voice
from desk.requests import ask_for_person, raise_danger
from wegweiser.settings import settings
from wegweiser.wording import moment, number


class RequestHuman(Step):
    """Put the person on the waiting list and tell the truth about when."""

    action = "action_request_human"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        say_waiting(turn, voice)
        offer_language(turn, voice)
        return [SlotSet("misunderstood", None)]


def say_waiting(turn: Turn, voice: Voice) -> None:
    """Put the conversation on the waiting list, and say when somebody will be there."""
    waiting = ask_for_person(turn.conversation_id, turn.slot("topic"), turn.host_named or turn.host)
    if waiting.staffed_now:
        voice.say("utter_human_waiting_open", before=number(waiting.people_before, voice.language))
    else:
        opens = waiting.staffed_next.astimezone(ZoneInfo(settings().desk_time_zone))
        voice.say("utter_human_waiting_closed", when=moment(opens, voice.language))


class Danger(Step):
    """Numbers at once, and the conversation stands at the top of the desk."""

    action = "action_danger"
    urgent = True

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        here = Voice(voice.dispatcher, voice.language, turn.host_named or turn.host)
        if turn.entity("answer") == "numbers":
            here.say("utter_danger_numbers")
            return []
        raise_danger(turn.conversation_id)
        if writes_another(turn):
            # Who is in danger writes in the language they think in, whatever was chosen before.
            Voice(voice.dispatcher, turn.spoken, here.host).say("utter_danger")
        here.say("utter_danger")
        offer_language(turn, voice)
        return [SlotSet("misunderstood", None), SlotSet("topic", "report_danger")]
