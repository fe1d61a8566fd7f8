"""Answering a question for information, for the country the person lives in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rasa_sdk.events import EventType, SlotSet

from actions.explain import look_for, wants_explanation
from actions.follow_request import follow
from actions.offices import say_offices
from actions.step import Step, offer_language
from actions.turn import HOSTS, Turn, Voice, press
from actions.verdicts import short_name
from desk.requests import parse_reference
from wegweiser.rulebase import catalogue
from wegweiser.settings import settings
from wegweiser.steps import steps_in_words
from wegweiser.texts import FALLBACK, texts, word

PROGRAMME_QUESTIONS = ("ask_programme", "ask_amount", "check_eligibility", "inform")
"""With these a programme that is named is itself the answer."""

STEPS_SHOWN_WITH = ("ask_application", "ask_voluntary_return")
"""Whoever asks how it goes sees the steps first; the buttons stand below the answer."""

LISTED = {
    "CH": ("ch.individual", "ch.ras", "ch.raz", "ch.sim", "ch.rif"),
    "DE": ("de.reag_garp", "de.starthilfe_plus", "de.eurp", "de.zirf"),
}
"""Programmes offered as buttons, the commonest first; the others are found by their names."""


class Answer(Step):
    """The answer to every information intent: one text per intent and host country."""

    action = "action_answer"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        if turn.intent == "out_of_scope" and parse_reference(turn.text):
            return follow(turn, voice)  # the number of a question and nothing else
        if wants_explanation(turn):
            look_for(turn, voice)
            return [SlotSet("misunderstood", None)]
        events = answer(turn, voice, turn.intent)
        if any(event.get("name") == "waiting_question" and event.get("value") for event in events):
            # What has been asked now is to be answered first; all else waits for it.
            events.append(SlotSet("waiting_question", " ".join([turn.intent, *turn.also_asked])))
        else:
            offer_second(voice, turn.also_asked)
        if not turn.form:
            offer_language(turn, voice)
        return events


def offer_second(voice: Voice, intents: Sequence[str]) -> None:
    """ "How much money, and how long does it take?": the second question is one press away.

    To ask a person is so below every answer.
    """
    topics = [one for one in intents if f"topic_of_{one}" in texts(voice.language).buttons]
    if topics:
        buttons = [voice.button(f"topic_of_{one}", one) for one in topics]
        voice.say("utter_also_asked", *buttons, voice.button("human", "request_human"))


def answer(turn: Turn, voice: Voice, intent: str) -> list[EventType]:
    """Say the answer to an intent, or ask where the person lives when it depends on that."""
    named = turn.host_named
    host = named or turn.host
    events: list[EventType] = [SlotSet("misunderstood", None), SlotSet("topic", intent)]
    if named and not turn.host:
        events.append(SlotSet("host_country", named))
    if turn.countries_abroad:
        events.append(SlotSet("country", turn.countries_abroad[0]))
    speak = Voice(voice.dispatcher, voice.language, host)
    programme = named_programme(turn, host)
    if programme and intent in PROGRAMME_QUESTIONS:
        say_programme(speak, programme)
        return [*events, SlotSet("waiting_question", None)]
    if needs_host(f"utter_{intent}") and host not in HOSTS:
        speak.say("utter_ask_host_country")
        return [*events, SlotSet("waiting_question", intent)]
    if intent in STEPS_SHOWN_WITH:
        speak.picture("utter_steps", "steps", steps=steps_in_words(voice.language))
    if intent == "ask_office":
        say_offices(turn, speak, host)
    speak.say(f"utter_{intent}", *_more(speak, intent, host), **says_who(voice.language))
    return [*events, SlotSet("waiting_question", None)]


@lru_cache(maxsize=256)
def needs_host(key: str) -> bool:
    """Whether a response has only variations for one host country or the other."""
    variations: Sequence[dict[str, object]] = texts(FALLBACK).responses.get(key, [])
    return bool(variations) and all("condition" in one for one in variations)


def named_programme(turn: Turn, host: str) -> str:
    """The programme a message names; of twins (EURP) the one of the host country."""
    known = [one for one in turn.entities.get("programme", ()) if one in catalogue().names()]
    at_home = [one for one in known if one.startswith(host.lower() + ".")] if host else []
    return next(iter(at_home or known), "")


def say_programme(voice: Voice, programme: str) -> None:
    """Say what a programme is."""
    voice.say(f"utter_programme_{programme.replace('.', '_')}")


def _more(voice: Voice, intent: str, host: str) -> list[dict[str, str]]:
    if intent != "ask_programme":
        return []
    shown = [
        press(short_name(catalogue().get(one), voice.language), "ask_programme", programme=one)
        for one in LISTED[host]
    ]
    return [*shown, voice.button("human", "request_human")]


def says_who(language: str) -> dict[str, str]:
    """Placeholders about ourselves: who runs this, how long texts are kept."""
    return {
        "operator": settings().operator_name or word(language, "counsellors_service"),
        "retention_days": str(settings().retention_days),
    }
