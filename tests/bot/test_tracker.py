"""Rasa's memory: what it must never lose, and how small it stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.snapshot import KEEP_EVENTS, restore, take
from bot.tracker import MailboxTrackerStore, TurnMemory, counted, turn_memory
from desk import mailbox
from desk.mailbox import Counted, Incoming

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["greet", "inform"],
        "slots": {
            name: {"type": "any", "mappings": [{"type": "custom"}]}
            for name in (
                "language",
                "status",
                "requested_slot",
                "counter",
                "topic",
                "misunderstood",
            )
        },
        "forms": {"check_form": {"required_slots": ["status"]}},
        "actions": ["action_answer"],
    }
)


def turn(text: str = "Hello, my name is Amina", **slots: Any) -> list[Event]:
    """The events of one turn as Rasa writes them."""
    return [
        UserUttered(
            text,
            {"name": "greet", "confidence": 1.0},
            [],
            {
                "text": text,
                "intent": {"name": "greet"},
                "entities": [],
                "intent_ranking": [{"name": f"intent {n}", "confidence": 0.1} for n in range(39)],
                "language": {"code": "fr"},
            },
            message_id="7",
            metadata={"channel": "telegram"},
        ),
        DefinePrevUserUtteredFeaturization(False),
        ActionExecuted("action_answer"),
        *(SlotSet(name, value) for name, value in slots.items()),
        BotUttered("Hello Amina", {"buttons": [{"title": "Yes"}]}, {"utter_action": "utter_x"}),
        ActionExecuted("action_listen"),
    ]


def begun() -> DialogueStateTracker:
    return DialogueStateTracker.from_events(
        "c",
        [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")],
        DOMAIN.slots,
    )


def again(tracker: DialogueStateTracker, *events: Event) -> DialogueStateTracker:
    """The tracker after having been stored and read back, as between two turns."""
    stored = json.loads(json.dumps(take(tracker, DOMAIN)))
    read = restore("c", stored, DOMAIN)
    assert read is not None
    read.update_with_events(list(events), DOMAIN)
    return read


def test_slots_of_a_thousand_turns_ago_survive_and_the_size_stays() -> None:
    tracker = again(begun(), *turn(language="fr", status={"asylum": [1, 2.5, None]}))
    sizes = []
    for number in range(1000):
        tracker = again(tracker, *turn(counter=number))
        sizes.append(len(json.dumps(take(tracker, DOMAIN))))
    assert tracker.get_slot("language") == "fr"
    assert tracker.get_slot("status") == {"asylum": [1, 2.5, None]}
    assert tracker.get_slot("counter") == 999
    assert len(tracker.events) <= KEEP_EVENTS + 15
    assert max(sizes[100:]) < max(sizes[:50]) * 1.1
    assert max(sizes) < 25_000


def test_the_latest_turns_look_to_rasa_as_they_were() -> None:
    whole, stored = begun(), begun()
    for number in range(30):
        whole.update_with_events(turn(counter=number, status="x"), DOMAIN)
        stored = again(stored, *turn(counter=number, status="x"))
    # Rules see states: they are the same as without forgetting.
    assert stored.past_states(DOMAIN)[-4:] == whole.past_states(DOMAIN)[-4:]
    assert stored.latest_action_name == "action_listen"


def test_no_text_is_kept() -> None:
    tracker = again(begun(), *turn("my secret"), *turn("another secret"))
    stored = json.dumps(take(tracker, DOMAIN))
    assert "secret" not in stored
    assert "Amina" not in stored
    assert "intent_ranking" not in stored


def test_how_a_message_was_understood_is_kept() -> None:
    tracker = again(begun(), *turn())
    message = tracker.latest_message
    assert message is not None
    assert message.intent_name == "greet"
    assert message.parse_data["language"] == {"code": "fr"}  # type: ignore[typeddict-item]


@pytest.mark.parametrize("turns", [0, 30], ids=["fresh", "long ago"])
def test_a_form_goes_on(turns: int) -> None:
    tracker = again(begun(), *turn(), ActiveLoop("check_form"), SlotSet("requested_slot", "status"))
    for _ in range(turns):
        tracker = again(tracker, *turn())
    assert tracker.active_loop_name == "check_form"
    assert tracker.get_slot("requested_slot") == "status"


def test_an_interrupted_form_is_still_interrupted_before_the_cut() -> None:
    tracker = again(begun(), *turn(), ActiveLoop("check_form"), LoopInterrupted(True))
    stored = take(tracker, DOMAIN)
    stored["loop"] = {"name": "check_form", "interrupted": True}
    stored["events"] = []
    read = restore("c", stored, DOMAIN)
    assert read is not None
    assert read.active_loop is not None
    assert read.active_loop.is_interrupted


def test_a_slot_that_was_reset_stays_reset() -> None:
    tracker = again(begun(), *turn(language="fr", status="x"))
    for _ in range(20):
        tracker = again(tracker, *turn())
    tracker = again(tracker, AllSlotsReset(), *turn(language="de"))
    for _ in range(20):
        tracker = again(tracker, *turn())
    assert tracker.get_slot("status") is None
    assert tracker.get_slot("language") == "de"


def test_a_slot_that_the_domain_no_longer_has_is_dropped() -> None:
    stored = take(again(begun(), *turn(language="fr")), DOMAIN)
    stored["slots"]["gone"] = 1
    stored["events"].append({"event": "slot", "name": "gone", "value": 1, "timestamp": 1})
    read = restore("c", stored, DOMAIN)
    assert read is not None
    assert "gone" not in read.slots


@pytest.mark.parametrize("stored", [None, {}, {"version": 99}, "junk"])
def test_what_another_version_wrote_is_a_new_beginning(stored: Any) -> None:
    assert restore("c", stored, DOMAIN) is None


def test_one_turn_with_very_many_events_keeps_its_beginning() -> None:
    many = [SlotSet("counter", number) for number in range(3 * KEEP_EVENTS)]
    tracker = again(begun(), *turn(), *turn()[:-1], *many)
    kept = [event for event in again(tracker).events if isinstance(event, UserUttered)]
    assert len(kept) == 1


# --- the store ----------------------------------------------------------------------------------


@pytest.fixture
def memory() -> Iterator[TurnMemory]:
    found = TurnMemory("c")
    token = turn_memory.set(found)
    yield found
    turn_memory.reset(token)


async def test_in_a_turn_nothing_is_written(memory: TurnMemory) -> None:
    store = FailSafeTrackerStore(MailboxTrackerStore(DOMAIN))
    tracker = await store.get_or_create_tracker("c")
    tracker.update_with_events(turn(language="fr"), DOMAIN)
    await store.save(tracker)
    assert memory.slots is not None
    assert memory.slots["language"] == "fr"
    assert memory.snapshot["slots"] or memory.snapshot["events"]
    read = await store.retrieve("c")
    assert read is not None
    assert read.get_slot("language") == "fr"


async def test_a_fault_is_left_for_the_worker(memory: TurnMemory) -> None:
    """Rasa would go on with an empty memory, and overwrite the real one with it."""
    store = FailSafeTrackerStore(MailboxTrackerStore(DOMAIN))
    memory.snapshot = {"version": 1, "slots": None}
    assert await store.retrieve("c") is None
    assert memory.fault is not None


@pytest.mark.django_db(transaction=True)
async def test_outside_of_a_turn_it_reads_and_writes_the_table() -> None:
    received = await sync_to_async(mailbox.receive)(Incoming("telegram", "1", "tg:1", "Hello"))
    store = MailboxTrackerStore(DOMAIN)
    tracker = await store.get_or_create_tracker(received.conversation_id)
    tracker.update_with_events(turn(language="fr"), DOMAIN)
    await store.save(tracker)
    read = await MailboxTrackerStore(DOMAIN).retrieve(received.conversation_id)
    assert read is not None
    assert read.get_slot("language") == "fr"
    assert list(await store.keys()) == []


ASKED = {"topic": "ask_amount", "misunderstood": None}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (turn(**ASKED), {Counted("asked", "ask_amount")}),
        ([*turn(**ASKED), *turn(**ASKED)], {Counted("asked", "ask_amount")}),
        ([*turn(**ASKED), *turn(language="fr")], set()),
        (turn(misunderstood=1.0), {Counted("not_understood")}),
        ([*turn(misunderstood=1.0), *turn(misunderstood=None)], set()),
        ([], set()),
    ],
)
def test_only_what_the_last_message_was_about_is_counted(
    events: list[Event], expected: set[Counted]
) -> None:
    tracker = DialogueStateTracker.from_events("c1", events, DOMAIN.slots)
    assert set(counted(tracker)) == expected


async def test_what_a_turn_was_about_reaches_the_worker() -> None:
    memory = TurnMemory("c1")
    turn_memory.set(memory)
    tracker = DialogueStateTracker.from_events("c1", turn(**ASKED), DOMAIN.slots)
    await MailboxTrackerStore(DOMAIN).save(tracker)
    assert memory.counted == {Counted("asked", "ask_amount")}
