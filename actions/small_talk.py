"""Yes, no, stop, and what was not understood."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.erase import erase_all
from actions.explain import look_for, wants_explanation
from actions.follow_request import follow, take_back
from actions.media import answer_media
from actions.step import Step, offer_language
from actions.turn import Turn, Voice
from desk.mailbox.files import drop_drafts
from desk.requests import parse_reference
from wegweiser.texts import texts

NOT_A_TOPIC = (
    "nlu_fallback",
    "out_of_scope",
    "inform",
    "affirm",
    "deny",
    "greet",
    "goodbye",
    "thank",
    "stop",
    "request_human",
)
NEAREST = 3
LIKELY = 0.6
"""Together, of the first two intents, before we ask which of the two was meant."""


class Confirm(Step):
    """A typed yes belongs to what we asked last; on its own it means "go on"."""

    action = "action_confirm"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        asked, _, about = turn.slot("to_confirm").partition(":")
        if asked == "erase":
            return erase_all(turn, voice)
        if asked == "withdraw":
            return take_back(turn, voice, about)
        voice.say("utter_affirm")
        return []


class Refuse(Step):
    action = "action_refuse"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        asked = turn.slot("to_confirm").partition(":")[0]
        voice.say("utter_erase_kept" if asked == "erase" else "utter_deny")
        return [SlotSet("to_confirm", None)]


class Stop(Step):
    """Leave the questions: a request that was being written is thrown away, facts stay."""

    action = "action_stop"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        writing = turn.form == "request_form"
        if writing:
            drop_drafts(turn.conversation_id)
        voice.say("utter_request_cancelled" if writing else "utter_stopped")
        gone = [name for name in turn.slots if writing and name.startswith("request_")]
        return [
            *(SlotSet(name, None) for name in gone),
            SlotSet("to_confirm", None),
            SlotSet("waiting_question", None),
            SlotSet("misunderstood", None),
        ]


class NotUnderstood(Step):
    """Our fault: the three nearest topics and a person; the second time the person first."""

    action = "action_not_understood"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        if answer_media(turn, voice):
            return []
        if not turn.is_button and parse_reference(turn.text):
            return follow(turn, voice)
        if wants_explanation(turn) and not turn.form:
            look_for(turn, voice)
            return [SlotSet("misunderstood", None)]
        times = int(float(turn.slots.get("misunderstood") or 0)) + 1
        human = voice.button("human", "request_human")
        if turn.form:
            extra = [human] if times > 1 else []
            voice.say("utter_interview_not_understood", *extra)
        elif times > 1:
            voice.say("utter_not_understood_again", human, *_nearest(turn, voice))
        elif _two_are_likely(turn):
            voice.say("utter_did_you_mean", *_nearest(turn, voice)[:2], human)
        else:
            voice.say("utter_not_understood", *_nearest(turn, voice), human)
        if not turn.form:
            offer_language(turn, voice)
        return [SlotSet("misunderstood", float(min(times, 9)))]


def _two_are_likely(turn: Turn) -> bool:
    """Whether it is one of the first two, as far as we can tell: neighbours easily confused."""
    both = turn.ranking[:2]
    return sum(turn.odds[:2]) >= LIKELY and not set(both) & set(NOT_A_TOPIC) and len(both) == 2


def _nearest(turn: Turn, voice: Voice) -> list[dict[str, str]]:
    named = [intent for intent in turn.ranking if intent not in NOT_A_TOPIC]
    common = ["check_eligibility", "ask_programme", "ask_office"]
    topics = dict.fromkeys(
        intent
        for intent in [*named, *common]
        if f"topic_of_{intent}" in texts(voice.language).buttons
    )
    return [voice.button(f"topic_of_{intent}", intent) for intent in list(topics)[:NEAREST]]
