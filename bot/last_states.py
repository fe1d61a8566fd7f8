"""Rules look back a few turns; Rasa lays out the states of all that is remembered, thrice.

And it asks of each slot, for each message, whether something in the message fills it: of ours,
which only actions fill, nothing does. Together 2 ms of a turn of 25.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import is_
from typing import Any

from rasa.core.actions.action import ActionExtractSlots
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import (
    ACTION_VALIDATE_SLOT_MAPPINGS,
    DEFAULT_SLOT_NAMES,
    MAPPING_TYPE,
    SlotMappingType,
)
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker


def look_back_no_further() -> None:
    """Let Rasa use these from now on; harmless when repeated."""
    RulePolicy._prediction_states = _prediction_states
    ActionExtractSlots.run = _run


def _prediction_states(
    self: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool = False,
    rule_only_data: object = None,
) -> list[State]:
    """In place of ``Policy._prediction_states``: the last of those states, as far as rules look.

    What a rule says of a turn before its first is nothing, so no earlier state changes its fit.
    """
    if "_longest_rule" not in self.__dict__:
        self.__dict__["_longest_rule"] = longest_rule(self)
    states = last_states(tracker, domain, self.__dict__["_longest_rule"])
    self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
    return states


def longest_rule(policy: RulePolicy) -> int:
    """In states."""
    keys = [key for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in policy.lookup[name]]
    return max((len(policy._rule_key_to_state(key)) for key in keys), default=1)


def last_states(tracker: DialogueStateTracker, domain: Domain, most: int) -> list[State]:
    """The last ``most`` of ``tracker.past_states(domain)``: before each action, and now."""
    events = tracker.applied_events()
    actions = [number for number, event in enumerate(events) if isinstance(event, ActionExecuted)]
    first = actions[-(most - 1)] if 1 < most <= len(actions) else 0 if most > 1 else len(events)
    lived = tracker.__dict__.get("_lived")
    if lived is None or first < lived.first or not lived.is_beginning_of(events):
        lived = tracker.__dict__["_lived"] = Lived(tracker.init_copy(), first)
    lived.live_on(events, domain)
    states = [state for number, state in lived.states.items() if number >= first]
    return [*states, _state(lived.tracker, domain)]


@dataclass
class Lived:
    """A tracker that has lived through some events, for the next prediction of the same turn."""

    tracker: DialogueStateTracker
    first: int
    """The number of the first action whose state is kept."""
    events: list[Event] = field(default_factory=list)
    states: dict[int, State] = field(default_factory=dict)
    """By the number of the action before which it was so."""

    def is_beginning_of(self, events: list[Event]) -> bool:
        """Whether the same happened, perhaps more; what was reverted has not happened."""
        return len(self.events) <= len(events) and all(map(is_, self.events, events))

    def live_on(self, events: list[Event], domain: Domain) -> None:
        """Through what is new."""
        for number in range(len(self.events), len(events)):
            if number >= self.first and isinstance(events[number], ActionExecuted):
                self.states[number] = _state(self.tracker, domain)
            self.tracker.update(events[number])
        self.events = events


def _state(tracker: DialogueStateTracker, domain: Domain) -> State:
    return domain._clean_state(domain.get_active_state(tracker))


async def _run(
    self: ActionExtractSlots,
    output_channel: Any,
    nlg: Any,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    """In place of ``ActionExtractSlots.run``."""
    if "_only_actions_fill" not in domain.__dict__:
        domain.__dict__["_only_actions_fill"] = only_actions_fill(domain)
    if domain.__dict__["_only_actions_fill"]:
        return []
    found: list[Event] = await _extract(self, output_channel, nlg, tracker, domain)
    return found


def only_actions_fill(domain: Domain) -> bool:
    """Whether no slot is filled by what is in a message, and nothing validates what would be."""
    return ACTION_VALIDATE_SLOT_MAPPINGS not in domain.user_actions and all(
        SlotMappingType(mapping.get(MAPPING_TYPE)) is SlotMappingType.CUSTOM
        and "action" not in mapping
        for slot in domain.slots
        if slot.name not in DEFAULT_SLOT_NAMES
        for mapping in slot.mappings
    )


_extract = ActionExtractSlots.run
