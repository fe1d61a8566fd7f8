"""One tap below an answer, and an optional word: what the person says about it."""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.turn import Turn, Voice
from desk.satisfaction import VALUES, add_word, rate

RATE, WORD = "rate_", "rate_word"
ABOUT_RATING = "rating:"
"""In ``addition_reference``: what is added is a word to the tap, not to the question."""


def is_about_rating(does: str) -> bool:
    """Whether a button of a request is one of the three, or the one for a word."""
    return does.startswith(RATE)


def take_rating(does: str, reference: str, turn: Turn, voice: Voice) -> list[EventType]:
    """Keep the tap and thank for it, or ask for the word.

    Another interview is not broken off for a word: the tap alone is kept, and the button stays.
    """
    if does == WORD:
        return [] if turn.form else _ask_word(reference)
    value = does.removeprefix(RATE)
    if value not in VALUES:
        return []
    rate(turn.conversation_id, reference, value)
    word = voice.button("rate_word", "check_request", reference=reference, answer=WORD)
    if value == "helped":
        voice.say("utter_rated", word, reference=reference)
    else:
        add = voice.button("add", "check_request", reference=reference, answer="add")
        human = voice.button("human", "request_human")
        voice.say("utter_rated_not", add, human, word, reference=reference)
    return []


def _ask_word(reference: str) -> list[EventType]:
    return [
        SlotSet("addition_reference", f"{ABOUT_RATING}{reference}"),
        SlotSet("addition_answer", None),
        FollowupAction("addition_form"),
    ]


def reference_rated(reference: str) -> str:
    """The request whose rating gets a word; empty where something is added to a question."""
    return reference.removeprefix(ABOUT_RATING) if reference.startswith(ABOUT_RATING) else ""


def keep_word(reference: str, turn: Turn, voice: Voice) -> None:
    """Keep the word.

    Raises:
        UnknownRequest: not a request of this conversation.
    """
    add_word(turn.conversation_id, reference, turn.slot("addition_text"))
    voice.say("utter_rating_word_kept", reference=reference)
