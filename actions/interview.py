"""An interview: one question at a time, each with buttons, "I don't know" and "skip".

Rasa's form holds the place; this module decides what an answer is. A form has one required slot,
``<name>_answer``, that stays empty until nothing is left to ask; ``<name>_question`` says what was
asked last. What is no answer is handed back to the rules (the form rejects), which answer it and
come back, so nothing a person writes is lost in a form.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.step import in_thread
from actions.turn import Turn, Voice, parse
from wegweiser.settings import settings

DONE = "done"


class Stage(Enum):
    """Why the form asks us to look at the message."""

    OPENING = "opening"
    ANSWERING = "answering"
    RETURNING = "returning"
    """A rule has answered the message already; it is not an answer to the question."""


class Interview(ABC):
    """What to ask, how to ask it, and what counts as an answer."""

    name: str

    @abstractmethod
    def open(self, turn: Turn) -> dict[str, str | None]:
        """Slots that the opening message already fills, or that a fresh start clears."""

    @abstractmethod
    def next(self, slots: Mapping[str, Any], turn: Turn) -> str | None:
        """The next question; None when nothing is left to ask."""

    @abstractmethod
    def ask(self, question: str | None, turn: Turn, voice: Voice) -> str:
        """Say a question and return its name; None asks whether what we know still holds."""

    @abstractmethod
    def read(self, question: str, turn: Turn, voice: Voice) -> dict[str, str | None] | None:
        """Slots that the message fills; None when it is no answer."""


def stage(tracker: Tracker, interview: Interview) -> Stage:
    """Where the form stands: it calls its validation at all three moments."""
    if tracker.slots.get("requested_slot") != f"{interview.name}_answer":
        return Stage.OPENING
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return Stage.ANSWERING
        if event.get("event") == "action" and event.get("name") != f"{interview.name}_form":
            return Stage.RETURNING
    return Stage.RETURNING


def _turn(tracker: Tracker) -> Turn:
    return parse(tracker, datetime.now(ZoneInfo(settings().desk_time_zone)).date())


class ListenAction(Action, ABC):
    """Rasa calls it ``validate_<form>``: read an answer, or find that it is none."""

    @property
    @abstractmethod
    def interview(self) -> Interview:
        """Whose answers these are; abstract, so that only its subclasses are registered."""

    def name(self) -> str:
        return f"validate_{self.interview.name}_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        turn = _turn(tracker)
        answer_slot = f"{self.interview.name}_answer"
        moment = stage(tracker, self.interview)
        if moment is Stage.RETURNING:
            return []
        if moment is Stage.OPENING:
            opened = self.interview.open(turn)
            return [SlotSet(answer_slot, None), *_slot_events(opened)]
        question = turn.slot(f"{self.interview.name}_question")
        voice = Voice(dispatcher, turn.language, turn.host)
        got = self.interview.read(question, turn, voice)
        if got is None:
            return []
        slots = {**turn.slots, **got}
        left = self.interview.next(slots, turn)
        done = DONE if left is None else None
        return [*_slot_events(got), SlotSet("misunderstood", None), SlotSet(answer_slot, done)]


class AskAction(Action, ABC):
    """Rasa calls it ``action_ask_<form's slot>``: ask the next question."""

    @property
    @abstractmethod
    def interview(self) -> Interview:
        """Whose answers these are; abstract, so that only its subclasses are registered."""

    def name(self) -> str:
        return f"action_ask_{self.interview.name}_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        turn = _turn(tracker)
        voice = Voice(dispatcher, turn.language, turn.host)
        question = self.interview.next(turn.slots, turn)
        asked = await in_thread(self.interview.ask, question, turn, voice)
        return [
            SlotSet(f"{self.interview.name}_question", asked),
            # A conversation may begin with an interview: its language is decided here, then.
            SlotSet("language", turn.language),
        ]


def _slot_events(slots: Mapping[str, str | None]) -> list[EventType]:
    return [SlotSet(name, value) for name, value in slots.items()]


def pressed(turn: Turn, question: str) -> str:
    """The answer of a button that belongs to this question; empty for any other message."""
    return turn.entity("answer") if turn.entity("question") == question else ""
