"""What is computed once gives what Rasa itself would give."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.utils.common import all_subclasses

from bot.computed_once import compute_once

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
