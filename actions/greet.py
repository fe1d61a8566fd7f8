"""Saying hello: who this is, the first time; and changing the language."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.step import Step, tell_unreviewed
from actions.turn import HOSTS, Turn, Voice, press
from wegweiser.settings import settings
from wegweiser.texts import languages, word


class Greet(Step):
    """The first time: who this is, in which language, and how to erase everything."""

    action = "action_greet"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        events, voice = _linked(turn, voice)
        if turn.slot("welcomed") or turn.form:
            voice.say("utter_greet_again")
            return events
        return [*events, *welcome(turn, voice)]


def _linked(turn: Turn, voice: Voice) -> tuple[list[EventType], Voice]:
    """What the link through which somebody came says: the host country, the language."""
    if not turn.is_button:
        return [], voice
    events: list[EventType] = []
    host, spoken = turn.entity("host_country"), turn.entity("language")
    if host in HOSTS and not turn.form:
        events.append(SlotSet("host_country", host))
        if host != turn.host:  # these belong to the other country
            events += [SlotSet(name, None) for name in ("place", "canton", "land")]
    if spoken in {language.code for language in languages()}:
        events.append(SlotSet("language", spoken))
        return events, Voice(voice.dispatcher, spoken, host or voice.host)
    return events, voice


def welcome(turn: Turn, voice: Voice) -> list[EventType]:
    """Introduce the assistant; a language with unreviewed texts says so once."""
    told = tell_unreviewed(turn, voice)
    operator = settings().operator_name or word(voice.language, "counsellors_service")
    voice.say("utter_welcome", operator=operator)
    return [*told, SlotSet("welcomed", True)]


class ChangeLanguage(Step):
    """Switch when the language is named or pressed; else show all of them."""

    action = "action_change_language"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        wanted = turn.entity("language")
        if wanted not in {language.code for language in languages()}:
            voice.say(
                "utter_choose_language",
                *(
                    press(language.name, "change_language", language=language.code)
                    for language in languages()
                ),
            )
            return []
        new = Voice(voice.dispatcher, wanted, voice.host)
        changed = SlotSet("language", wanted)
        if not turn.form and not turn.slot("welcomed"):
            return [changed, *welcome(turn, new)]
        told = tell_unreviewed(turn, new)
        new.say("utter_language_set" if turn.form else "utter_language_changed")
        return [changed, *told, SlotSet("welcomed", True)]
