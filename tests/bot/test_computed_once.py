"""What is computed once gives what Rasa itself would give."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.common import all_subclasses

from bot.computed_once import _parse_with_graph, compute_once

GOOD: dict[str, Any] = {
    "events": [{"event": "slot", "name": "language", "value": "ar", "timestamp": None}],
    "responses": [{"response": "utter_help"}],
}


@pytest.fixture(autouse=True)
def computed() -> None:
    compute_once()


@pytest.mark.parametrize(
    "bad",
    [
        {"events": "none", "responses": []},
        {"events": [{"name": "no type"}], "responses": []},
        {"events": [], "responses": "none"},
        ["not an object"],
    ],
)
def test_what_is_wrong_raises_what_rasa_raises(bad: Any) -> None:
    with pytest.raises(ValidationError, match="Failed to validate Action server response"):
        RemoteAction("action_greet", None)._validate_action_result(bad)


def test_what_is_right_passes_and_stays_as_it_is() -> None:
    before = json.dumps(GOOD)
    assert RemoteAction("action_greet", None)._validate_action_result(GOOD) is True
    assert json.dumps(GOOD) == before


def test_every_kind_of_event_is_found_by_its_name() -> None:
    kinds = [kind for kind in all_subclasses(Event) if getattr(kind, "type_name", None)]
    assert len(kinds) > 20
    for kind in kinds:
        assert Event.resolve_by_type(kind.type_name).type_name == kind.type_name
    assert Event.resolve_by_type("slot") is SlotSet
    assert Event.resolve_by_type("user") is UserUttered
    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("no such event")


def test_a_rule_is_read_as_its_key_says() -> None:
    key = '[{"user": {"intent": "greet"}, "prev_action": {"action_name": "action_listen"}}]'
    assert RulePolicy._rule_key_to_state(key) == json.loads(key)


def test_the_same_rules_fit_as_without_keeping_them() -> None:
    from bot.computed_once import _scan

    policy = RulePolicy.__new__(RulePolicy)
    greet = '[{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}]'
    thank = greet.replace("greet", "thank")
    lookup = {greet: "action_greet", thank: "action_answer"}
    states = json.loads(greet)
    assert policy._get_possible_keys(lookup, states) == _scan(policy, lookup, states) == {greet}
    assert policy._get_possible_keys(lookup, json.loads(thank)) == {thank}
    assert policy._get_possible_keys({thank: "x"}, states) == set(), "another lookup"


@pytest.mark.parametrize("slots", [{}, {"language": "text", "counter": "any", "people": "list"}])
def test_a_domain_is_as_empty_as_rasa_finds(slots: dict[str, str]) -> None:
    custom = [{"type": "custom"}]
    domain = Domain.from_dict(
        {"slots": {name: {"type": kind, "mappings": custom} for name, kind in slots.items()}}
    )
    assert [domain.is_empty() for _ in range(2)] == [not slots] * 2


class Reading:
    """As much of Rasa's processor as a parse needs; it counts how often the pipeline reads."""

    domain = Domain.from_dict({"version": "3.1", "intents": ["greet"], "entities": ["country"]})
    model_metadata = SimpleNamespace(nlu_target="read")

    def __init__(self) -> None:
        self.graph_runner = self
        self.reads = 0

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, Any]:
        self.reads += 1
        (message,) = inputs["__message__"]
        read = Message({"text": message.text, "intent": {"name": "read"}, "entities": []})
        return {"read": [RegexMessageHandler().process([read], self.domain)[0]]}


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("/greet", 0),
        ('/greet{"country": "AF"}', 0),
        ("/greet@0.5", 0),
        ("/", 1),
        ("/no such", 1),
        ("hello", 1),
        ("", 1),
    ],
)
def test_a_button_says_the_same_without_the_pipeline(text: str, reads: int) -> None:
    ours, rasas = Reading(), Reading()
    tracker = DialogueStateTracker.from_events("c", [])
    said = UserMessage(text, metadata={})
    assert MessageProcessor._parse_message_with_graph(ours, said, tracker) == _parse_with_graph(
        rasas, said, tracker
    )
    assert (ours.reads, rasas.reads) == (reads, 1)
