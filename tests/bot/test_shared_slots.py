"""Trackers that share their slots are to each other as if each had its own."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.shared_slots import share_slots

FIRST = {"language": None, "welcomed": None, "misunderstood": 1.0}
CUSTOM = [{"type": "custom"}]
DOMAIN = Domain.from_dict(
    {
        "slots": {
            "language": {"type": "text", "mappings": CUSTOM},
            "welcomed": {"type": "bool", "mappings": CUSTOM},
            "misunderstood": {"type": "float", "initial_value": 1.0, "mappings": CUSTOM},
        }
    }
)
NAMES = [slot.name for slot in DOMAIN.slots]
set_one = some.builds(SlotSet, some.sampled_from(sorted(FIRST)), some.sampled_from([None, "ar", 2]))
happens = some.one_of(
    set_one,
    some.builds(AllSlotsReset),
    some.builds(Restarted),
    some.sampled_from(["action_listen", "action_answer"]).map(ActionExecuted),
    some.just("check_form").map(ActionExecutionRejected),
    some.sampled_from([None, "check_form"]).map(ActiveLoop),
    some.booleans().map(LoopInterrupted),
    some.sampled_from(["yes", "no"]).map(lambda text: UserUttered(text, {"name": "affirm"})),
    some.just(BotUttered("Hello")),
    some.builds(ConversationPaused),
    some.builds(FollowupAction, some.just("action_answer")),
)
histories = some.lists(set_one | some.builds(AllSlotsReset) | some.builds(Restarted))


@pytest.fixture(autouse=True)
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name in (
        (Slot, "__copy__"),
        (DialogueStateTracker, "_set_slot"),
        (DialogueStateTracker, "_reset_slots"),
        (DialogueStateTracker, "copy"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name, None), raising=False)
    share_slots()


def tracker_of(events: list[Event]) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("7", events, DOMAIN.slots)


def ours(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in FIRST}


def expected(events: list[Event]) -> dict[str, Any]:
    values = dict(FIRST)
    for event in events:
        if isinstance(event, SlotSet):
            values[event.key] = event.value
        else:
            values = dict(FIRST)
    return values


@given(histories, histories)
def test_each_tracker_has_its_own_values(one: list[Event], other: list[Event]) -> None:
    first, second = tracker_of(one), tracker_of(other)
    again = first.copy()
    for event in other:
        again.update(event)
    assert ours(first.current_slot_values()) == expected(one)
    assert ours(second.current_slot_values()) == expected(other)
    assert ours(again.current_slot_values()) == expected(one + other)
    assert ours({slot.name: slot.value for slot in DOMAIN.slots}) == FIRST
    assert not any(slot.has_been_set for slot in DOMAIN.slots)


def told(tracker: DialogueStateTracker) -> dict[str, Any]:
    return tracker.current_state(EventVerbosity.ALL)


@example([ActiveLoop("check_form")], [LoopInterrupted(True)])
@given(some.lists(happens, max_size=12), some.lists(happens, max_size=4))
def test_a_copy_is_what_living_through_the_events_gives(
    before: list[Event], after: list[Event]
) -> None:
    tracker = tracker_of(before)
    then = told(tracker)
    copied, lived = tracker.copy(), tracker.travel_back_in_time(float("inf"))
    assert told(copied) == told(lived) == then
    for event in after:
        copied.update(event)
        lived.update(event)
    assert told(copied) == told(lived)
    assert told(tracker) == then


def test_what_nobody_writes_is_not_copied() -> None:
    tracker = tracker_of([SlotSet("language", "ar")])
    copied = tracker.copy()
    own = {slot.name: slot for slot in DOMAIN.slots}
    assert [name for name in NAMES if copied.slots[name] is not own[name]] == ["language"]
    assert copied.slots["language"].has_been_set


def test_a_slot_that_is_none_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        tracker_of([SlotSet("nowhere", "ar")])
    assert "non existent slot 'nowhere'" in caplog.text
