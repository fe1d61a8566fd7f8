"""A tracker as a small JSON value, and back.

What is kept: the slots and the active form as they were before the last few turns, and the events
of these turns without what people and the assistant wrote. So a conversation of years costs no
more than one of minutes, and Rasa keeps no text (the mailbox does, encrypted, for a limited time).
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

VERSION = 1
KEEP_EVENTS = 20
"""About three turns: more than any rule looks back. Rasa replays them a dozen times a message."""
SESSION_SLOT = "session_started_metadata"
PARSED = ("intent", "entities", "language")
"""What is kept of how a message was understood."""
BOT_METADATA = ("utter_action", "variation")


def take(tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """The snapshot of a tracker; never much larger than its slots and ``KEEP_EVENTS`` events."""
    events = list(tracker.events)
    cut = _cut(events)
    # Replayed rather than read off the tracker: earlier turns must see the slots of their time.
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], domain.slots)
    loop = before.active_loop
    return {
        "version": VERSION,
        "slots": {
            name: slot.value
            for name, slot in before.slots.items()
            if slot.value != slot.initial_value and name != SESSION_SLOT
        },
        "loop": {"name": loop.name, "interrupted": loop.is_interrupted} if loop else None,
        "events": [_slim(event) for event in events[cut:]],
    }


def restore(sender_id: str, snapshot: Any, domain: Domain) -> DialogueStateTracker | None:
    """The tracker of a snapshot; None when there is none or a later version wrote it."""
    if not isinstance(snapshot, dict) or snapshot.get("version") != VERSION:
        return None
    known = {slot.name: slot for slot in domain.slots}
    first: list[Event] = [
        SlotSet(name, value) for name, value in snapshot["slots"].items() if name in known
    ]
    if snapshot["loop"]:
        first.append(ActiveLoop(snapshot["loop"]["name"]))
        if snapshot["loop"]["interrupted"]:
            first.append(LoopInterrupted(True))
    later = [
        event
        for event in (Event.from_parameters(one) for one in snapshot["events"])
        if event is not None and not (isinstance(event, SlotSet) and event.key not in known)
    ]
    return DialogueStateTracker.from_events(sender_id, first + later, domain.slots)


def _cut(events: list[Event]) -> int:
    """Where to cut: before the listening that a user turn begins with; 0 when all is kept."""
    if len(events) <= KEEP_EVENTS:
        return 0
    starts = [
        number - 1 if number and _listens(events[number - 1]) else number
        for number, event in enumerate(events)
        if isinstance(event, UserUttered)
    ]
    recent = [start for start in starts if len(events) - start <= KEEP_EVENTS]
    if recent:
        return recent[0]
    return starts[-1] if starts else len(events) - KEEP_EVENTS


def _listens(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _slim(event: Event) -> dict[str, Any]:
    """An event as a value, without texts and without what only the present turn needs."""
    value: dict[str, Any] = event.as_dict()
    if isinstance(event, UserUttered):
        parsed = {key: event.parse_data[key] for key in PARSED if key in event.parse_data}
        value |= {"text": "", "parse_data": parsed, "metadata": {}, "message_id": None}
    elif isinstance(event, BotUttered):
        kept = {key: event.metadata[key] for key in BOT_METADATA if key in event.metadata}
        value |= {"text": None, "data": {}, "metadata": kept}
    else:
        value.pop("metadata", None)
    return value
