"""A fact and nothing else: kept for later questions, and what waited for it is answered."""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions import before_sending
from actions.answer import answer, named_programme, offer_second, say_programme
from actions.check import STILL_TRUE
from actions.choices import ASKED
from actions.explain import look_for, wants_explanation
from actions.facts import noted, read_volunteered
from actions.follow_request import follow
from actions.media import answer_media
from actions.request import pressed_slot
from actions.step import Step, offer_language
from actions.turn import Turn, Voice
from desk.requests import parse_reference
from wegweiser.texts import word


class Inform(Step):
    action = "action_inform"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        if answer_media(turn, voice):
            return []
        if wants_explanation(turn):
            look_for(turn, voice)
            return [SlotSet("misunderstood", None)]
        if turn.entity("reference") or parse_reference(turn.text):
            return follow(turn, voice)
        resumed = _resume(turn)
        if resumed:
            return resumed
        if turn.host_named and not turn.countries_abroad:
            return _host_country(turn, voice, turn.host_named)
        programme = named_programme(turn, turn.host)
        if programme:
            say_programme(voice, programme)
            return [SlotSet("misunderstood", None)]
        facts = read_volunteered(turn)
        if not facts:
            voice.say("utter_not_noted")
            return []
        voice.say("utter_noted", facts=noted(voice.language, facts))
        offer_language(turn, voice)
        events: list[EventType] = [SlotSet(name, value) for name, value in facts.items()]
        if turn.countries_abroad:
            events.append(SlotSet("country", turn.countries_abroad[0]))
        return [*events, SlotSet("misunderstood", None)]


def _resume(turn: Turn) -> list[EventType]:
    """A button of an interview that is no longer open: take the answer and go on from there."""
    question, answer = turn.entity("question"), turn.entity("answer")
    if not turn.is_button or not answer:
        return []
    if question in ASKED:
        return [SlotSet(question, answer), FollowupAction("check_form")]
    written = pressed_slot(turn)
    if written:
        events: list[EventType] = [SlotSet(slot, value) for slot, value in written.items()]
        return [*events, FollowupAction("request_form")]
    if question in ("request_change", before_sending.BUTTON):
        return [FollowupAction("request_form")]
    return [FollowupAction("check_form")] if question == STILL_TRUE else []


def _host_country(turn: Turn, voice: Voice, host: str) -> list[EventType]:
    here = Voice(voice.dispatcher, voice.language, host)
    events: list[EventType] = [SlotSet("host_country", host), SlotSet("misunderstood", None)]
    if host != turn.host:
        # These belong to the other country.
        events += [SlotSet(name, None) for name in ("place", "canton", "land")]
    waiting, *also = turn.slot("waiting_question").split() or [""]
    if waiting:
        events += answer(turn, here, waiting)
        offer_second(here, also)
        return events
    here.say("utter_host_country_set", country=word(voice.language, f"host.{host}"))
    return events
