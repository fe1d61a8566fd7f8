"""The base of every action: parse, do, and keep the language of the conversation honest."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import close_old_connections
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, Voice, parse, press
from wegweiser.settings import settings
from wegweiser.texts import all_languages, languages, texts, word

T = TypeVar("T")

_threads = ThreadPoolExecutor(4, thread_name_prefix="actions")


class Step(Action, ABC):
    """What an action of ours is: a name, and ``take`` a turn with a voice."""

    action: str = ""
    urgent: bool = False
    """Nothing is said before its answer."""

    def name(self) -> str:
        return self.action

    @abstractmethod
    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        """Answer; return Rasa events (what to remember)."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        today = datetime.now(ZoneInfo(settings().desk_time_zone)).date()
        turn = parse(tracker, today)
        voice = Voice(dispatcher, turn.language, turn.host)
        told = [] if self.urgent or not _settles(turn) else tell_unreviewed(turn, voice)
        events = told + list(await in_thread(self.take, turn, voice))
        if turn.slot("to_confirm") and not any(_sets(event, "to_confirm") for event in events):
            # A "yes" belongs to the question before it, never to one of some messages ago.
            events.append(SlotSet("to_confirm", None))
        return [*events, *_language_kept(turn, events)]


async def in_thread(call: Callable[..., T], *arguments: object) -> T:
    """Call something that reads the desk's tables; a connection that broke is opened again."""

    def read() -> T:
        close_old_connections()
        return call(*arguments)

    return await asyncio.get_running_loop().run_in_executor(_threads, read)


def _sets(event: EventType, slot: str) -> bool:
    return bool(event.get("event") == "slot" and event.get("name") == slot)


def _language_kept(turn: Turn, events: list[EventType]) -> list[EventType]:
    """What to remember of the language: one that only the phone told is a guess.

    It holds until the person chooses another one, presses a button of an answer - so they read it -
    or writes a sentence: the first of these decides.
    """
    if any(_sets(event, "language") for event in events):
        return [SlotSet("language_guessed", None)] if turn.slot("language_guessed") else []
    reads_it = turn.is_button and turn.intent != "greet"
    wrote_it = turn.is_sentence and turn.spoken == turn.language
    if not turn.slot("language"):
        guess = [] if reads_it or wrote_it else [SlotSet("language_guessed", True)]
        return [SlotSet("language", turn.language), *guess]
    if _settles(turn):
        return [SlotSet("language", turn.language), SlotSet("language_guessed", None)]
    return [SlotSet("language_guessed", None)] if turn.slot("language_guessed") and reads_it else []


def _settles(turn: Turn) -> bool:
    """Whether this message tells the language where so far there was a guess."""
    wrote_it = turn.is_sentence and turn.spoken == turn.language
    return bool(turn.slot("language_guessed")) and wrote_it


def offer_language(turn: Turn, voice: Voice) -> None:
    """Offer the language a person now writes in; never switch silently."""
    if not turn.slot("language") or not writes_another(turn):
        return
    own = {language.code: language.name for language in all_languages()}[turn.spoken]
    Voice(voice.dispatcher, turn.spoken, voice.host).say(
        "utter_offer_language",
        press(own, "change_language", language=turn.spoken),
        language=word(turn.spoken, f"language_name.{turn.spoken}"),
    )


def writes_another(turn: Turn) -> bool:
    """Whether this message is in another language than the conversation, one that we speak."""
    known = {language.code for language in languages()}
    return turn.spoken in known and turn.spoken != turn.language


def tell_unreviewed(turn: Turn, voice: Voice) -> list[EventType]:
    """Say, once in each language, that not all of its texts have been checked."""
    told = turn.slot("unreviewed_told").split()
    if voice.language in told or texts(voice.language).fully_reviewed:
        return []
    voice.say("utter_unreviewed")
    return [SlotSet("unreviewed_told", " ".join([*told, voice.language]))]
