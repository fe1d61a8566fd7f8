"""Builders for turns, so that a test names only what matters.

Amina asks: she is Afghan and lives in a canton in Switzerland unless a test says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.step import Step
from actions.turn import Turn, Voice

TODAY = date(2026, 11, 23)  # a Monday


@dataclass
class Said:
    """What an action said and remembered."""

    messages: list[dict[str, Any]]
    events: list[EventType] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return [message["response"] for message in self.messages]

    @property
    def payloads(self) -> list[str]:
        return [one["payload"] for message in self.messages for one in message["buttons"]]

    @property
    def followed_by(self) -> str:
        """The action that has to come next; empty when the rules decide."""
        return next((one["name"] for one in self.events if one["event"] == "followup"), "")

    def slot(self, name: str) -> Any:
        """What a slot was set to; KeyError when it was left alone."""
        found = {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}
        return found[name]

    def remembered(self) -> set[str]:
        return {event["name"] for event in self.events if event["event"] == "slot"}


def a_turn(intent: str = "greet", text: str = "text", **changes: Any) -> Turn:
    """A turn in which Amina writes; ``entities`` take single values or tuples."""
    entities = {
        name: value if isinstance(value, tuple) else (value,)
        for name, value in changes.pop("entities", {}).items()
    }
    defaults: dict[str, Any] = {
        "conversation_id": "c" * 32,
        "message_id": "17",
        "is_button": text.startswith("/"),
        "confidence": 0.9,
        "ranking": (),
        "odds": (),
        "also_asked": (),
        "language": "en",
        "spoken": "en",
        "slots": {"host_country": "CH", "language": "en", "welcomed": True},
        "form": "",
        "today": TODAY,
    }
    if "slots" in changes:
        changes["slots"] = {**defaults["slots"], **changes["slots"]}
    return Turn(**{**defaults, "intent": intent, "text": text, "entities": entities, **changes})


def a_press(intent: str, **entities: str) -> dict[str, Any]:
    """The arguments of a turn in which a button was pressed."""
    return {"intent": intent, "text": f"/{intent}", "entities": dict(entities)}


def take(step: Step, turn: Turn) -> Said:
    """Let an action take a turn, without a server."""
    dispatcher = CollectingDispatcher()
    events = step.take(turn, Voice(dispatcher, turn.language, turn.host))
    return Said(dispatcher.messages, events)


def listen(interview: Any, question: str, turn: Turn) -> dict[str, str | None] | None:
    """What an interview reads from a turn as the answer to a question."""
    return interview.read(question, turn, Voice(CollectingDispatcher(), turn.language, turn.host))


def ask(interview: Any, turn: Turn) -> Said:
    """What an interview asks next."""
    dispatcher = CollectingDispatcher()
    voice = Voice(dispatcher, turn.language, turn.host)
    interview.ask(interview.next(turn.slots, turn), turn, voice)
    return Said(dispatcher.messages)
