"""Rules find the same by the last states as by all of them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rasa.core.actions.action import ActionExtractSlots
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    Event,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.computed_once import _scan
from bot.last_states import (
    _extract,
    last_states,
    longest_rule,
    look_back_no_further,
    only_actions_fill,
)
from wegweiser.settings import ROOT

INTENTS = ("greet", "ask_amount", "stop")
ACTIONS = ("action_listen", "action_answer", "check_form")


def domain_with(mapping: dict[str, Any], *actions: str) -> Domain:
    return Domain.from_dict(
        {
            "intents": list(INTENTS),
            "actions": ["action_answer", *actions],
            "forms": {"check_form": {"required_slots": ["check_answer"]}},
            "slots": {
                "check_answer": {"type": "text", "mappings": [{"type": "custom"}]},
                "language": {"type": "text", "mappings": [mapping]},
            },
        }
    )


DOMAIN = domain_with({"type": "custom"})
events = some.one_of(
    some.builds(ActionExecuted, some.sampled_from(ACTIONS)),
    some.sampled_from(INTENTS).map(lambda name: UserUttered("x", {"name": name})),
    some.sampled_from([None, "ar"]).map(lambda value: SlotSet("language", value)),
    some.sampled_from([None, "check_form"]).map(ActiveLoop),
    some.just("check_form").map(ActionExecutionRejected),
    some.builds(UserUtteranceReverted),
    some.builds(ActionReverted),
)
conversations = some.lists(events, max_size=25)


def tracker_of(happened: list[Event]) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("7", happened, DOMAIN.slots)


@given(conversations, some.integers(1, 30))
def test_they_are_the_last_of_all(happened: list[Event], most: int) -> None:
    tracker = tracker_of(happened)
    assert last_states(tracker, DOMAIN, most) == tracker.past_states(DOMAIN)[-most:]


@given(conversations, some.lists(some.tuples(conversations, some.integers(1, 6)), max_size=4))
def test_they_are_so_again_when_more_has_happened(
    happened: list[Event], later: list[tuple[list[Event], int]]
) -> None:
    """Also where what happened takes back what was lived through."""
    tracker = tracker_of(happened)
    for more, most in later:
        assert last_states(tracker, DOMAIN, most) == tracker.past_states(DOMAIN)[-most:]
        for event in more:
            tracker.update(event)
        assert last_states(tracker, DOMAIN, most) == tracker.past_states(DOMAIN)[-most:]


@given(conversations, some.lists(some.tuples(conversations, some.integers(1, 4)), max_size=8))
def test_the_same_rules_fit(happened: list[Event], told: list[tuple[list[Event], int]]) -> None:
    """Rules are pieces of other conversations and of this one, and some that begin in another."""
    own = tracker_of(happened).past_states(DOMAIN)
    states = [tracker_of(one).past_states(DOMAIN)[-length:] for one, length in told]
    states += [own[-2:], own[-4:], *([piece[0], *own[-3:]] for piece in states)]
    lookup = {json.dumps(piece, sort_keys=True): "action_answer" for piece in states}
    policy: Any = SimpleNamespace(
        lookup={RULES: lookup, RULES_FOR_LOOP_UNHAPPY_PATH: {}},
        _rule_key_to_state=RulePolicy._rule_key_to_state,
        _does_rule_match_state=RulePolicy._does_rule_match_state,
    )
    policy._is_rule_applicable = lambda *given: RulePolicy._is_rule_applicable(policy, *given)
    tracker = tracker_of(happened)
    longest = longest_rule(policy)
    assert longest <= 4
    found = _scan(policy, lookup, last_states(tracker, DOMAIN, longest))
    assert found == _scan(policy, lookup, tracker.past_states(DOMAIN))


def test_only_actions_fill_our_slots() -> None:
    assert only_actions_fill(Domain.load(str(ROOT / "domain.yml")))


@pytest.mark.parametrize(
    "domain",
    [
        domain_with({"type": "from_text"}),
        domain_with({"type": "custom", "action": "action_answer"}),
        domain_with({"type": "custom"}, "action_validate_slot_mappings"),
    ],
    ids=["text", "action", "validated"],
)
def test_where_messages_fill_slots_rasa_looks(domain: Domain) -> None:
    assert not only_actions_fill(domain)


async def test_what_a_message_says_is_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RulePolicy, "_prediction_states", RulePolicy._prediction_states)
    monkeypatch.setattr(ActionExtractSlots, "run", _extract)
    look_back_no_further()
    filled = domain_with({"type": "from_text"})
    for domain, expected in ((filled, ["language"]), (DOMAIN, [])):
        tracker = DialogueStateTracker.from_events(
            "7",
            [ActionExecuted("action_listen"), UserUttered("ar", {"name": "greet"})],
            domain.slots,
        )
        found = await ActionExtractSlots(None).run(None, None, tracker, domain)
        assert [event.key for event in found] == expected
