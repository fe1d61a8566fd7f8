"""The verdict on a programme for one household on one day, and the rules that made it.

Pure: the same catalogue, facts and day always give the same answer, and the day is passed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from programmes.catalogue import Catalogue
from programmes.facts import FACTS, Facts, FactValue
from programmes.logic import Expression, Truth, all_of
from programmes.model import Condition, Programme, Sourced, Weight

State: TypeAlias = Literal["open", "ended", "not_yet", "suspended"]
Verdict: TypeAlias = Literal["yes", "no", "unknown"]
VERDICTS: Mapping[Truth, Verdict] = {True: "yes", False: "no", None: "unknown"}


class Reason(NamedTuple):
    """One rule applied: its answer, the values it read (None: not known), its source."""

    rule: str
    id: str
    says: str
    verdict: Verdict
    because: Mapping[str, FactValue | None]
    weight: Weight
    sourced: Sourced


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one programme, without amounts. `open_facts` could still change it."""

    state: State
    truth: Truth
    reasons: tuple[Reason, ...]
    open_facts: tuple[str, ...]


@dataclass(eq=False, slots=True)
class HouseholdCase:
    """Facts on a day before a catalogue. What was worked out is kept while the case lives."""

    catalogue: Catalogue
    facts: Facts
    on: date
    values: Mapping[str, FactValue]
    _before: HouseholdCase | None = None
    _added: frozenset[str] = frozenset()
    _judged: dict[str, Judgement] = field(default_factory=dict)
    _held: dict[Expression, Truth] = field(default_factory=dict)
    _verdicts: dict[str, Truth] = field(default_factory=dict)
    _trials: dict[tuple[str, FactValue], HouseholdCase] = field(default_factory=dict)

    @staticmethod
    def of(catalogue: Catalogue, facts: Facts, on: date) -> HouseholdCase:
        """The case of a household, with what follows from its facts."""
        completed = facts.with_what_follows()
        return HouseholdCase(catalogue, completed, on, completed.values)

    def holds(self, rule: Condition) -> Truth:
        """Whether a rule holds. With a fact added, only what it touches is worked out anew."""
        if rule.needs not in self._held:
            before = self._before
            if before and self._added.isdisjoint(facts_behind(self.catalogue, rule)):
                self._held[rule.needs] = before.holds(rule)
            else:
                self._held[rule.needs] = rule.needs.truth(self)
        return self._held[rule.needs]

    def countries(self, list_name: str) -> frozenset[str] | None:
        """The countries on a named list on the day."""
        return self.catalogue.lists[list_name].versions.on(self.on)

    def judgement(self, programme_id: str) -> Judgement:
        """The verdict on a programme."""
        if programme_id not in self._judged:
            self._judged[programme_id] = judge(self.catalogue.get(programme_id), self)
        return self._judged[programme_id]

    def verdict(self, programme_id: str) -> Truth:
        """The verdict on a programme as a truth, without its reasons."""
        if programme_id in self._judged:
            return self._judged[programme_id].truth
        if programme_id not in self._verdicts:
            programme = self.catalogue.get(programme_id)
            self._verdicts[programme_id] = truth_of(programme, self)
        return self._verdicts[programme_id]

    def open_facts(self, programme_id: str) -> tuple[str, ...]:
        """The missing facts that could change the verdict on a programme."""
        return self.judgement(programme_id).open_facts

    def with_fact(self, name: str, value: FactValue) -> HouseholdCase:
        """The same household if one missing fact had this value."""
        trial = self._trials.get((name, value))
        if trial is None:
            facts = self.facts.with_fact(name, value).with_what_follows()
            added = frozenset(facts.values.keys() - self.values.keys())
            trial = HouseholdCase(self.catalogue, facts, self.on, facts.values, self, added)
            self._trials[name, value] = trial
        return trial


@lru_cache(maxsize=4096)
def facts_behind(catalogue: Catalogue, rule: Condition) -> frozenset[str]:
    """The facts that a rule reads, also through other programmes."""
    names: set[str] = set()
    for name in rule.reads:
        if name in FACTS:
            names.add(name)
        else:
            for below in catalogue.get(name).conditions:
                names |= facts_behind(catalogue, below)
    return frozenset(names)


@lru_cache(maxsize=1024)
def facts_that_matter(catalogue: Catalogue, programme: Programme) -> tuple[str, ...]:
    """The facts on which the verdict on a programme can depend."""
    return tuple(
        sorted({n for rule in programme.conditions for n in facts_behind(catalogue, rule)})
    )


@lru_cache(maxsize=1024)
def rules_in_force(programme: Programme, on: date) -> tuple[Condition, ...]:
    """The rules of a programme that apply on a day."""
    return tuple(rule for rule in programme.conditions if rule.in_force(on))


def truth_of(programme: Programme, case: HouseholdCase) -> Truth:
    """The verdict alone; the same as that of :func:`judge`, and much faster."""
    if _state_by_date(programme, case.on) != "open":
        return False
    answer: Truth = True
    for rule in rules_in_force(programme, case.on):
        if rule.weight == "remark":
            continue
        truth = case.holds(rule)
        if truth is False:
            return False
        if truth is None and not (rule.weight == "caveat" and any(rule.needs.held_open_by(case))):
            answer = None
    return answer


def judge(programme: Programme, case: HouseholdCase) -> Judgement:
    """The verdict on one programme, with every rule that was applied."""
    state = _state_by_date(programme, case.on)
    host = programme.conditions[0]
    here = case.holds(host)
    host_reason = _reason(host, case, here, host.reads if here is None else ())
    if state != "open":
        return Judgement(state, False, (_not_open(programme, state, case.on), host_reason), ())
    if host_reason.verdict == "no":
        return Judgement(state, False, (host_reason,), ())
    return _apply(rules_in_force(programme, case.on), case)


def _apply(rules: tuple[Condition, ...], case: HouseholdCase) -> Judgement:
    state: State = "open"
    reasons: list[Reason] = []
    truths: list[Truth] = []
    open_facts: dict[str, None] = {}
    for rule in rules:
        truth = case.holds(rule)
        if rule.weight == "remark":
            if truth is not False:
                reasons.append(_reason(rule, case, None, ()))
            continue
        held_by = tuple(rule.needs.held_open_by(case)) if truth is None else ()
        reasons.append(_reason(rule, case, truth, held_by))
        if rule.suspends and truth is False:
            state = "suspended"
        if rule.weight == "caveat" and held_by:
            continue
        truths.append(truth)
        open_facts.update(dict.fromkeys(held_by))
    truth = all_of(truths)
    return Judgement(state, truth, tuple(reasons), tuple(open_facts) if truth is None else ())


def _state_by_date(programme: Programme, on: date) -> State:
    if programme.valid_until is not None and on > programme.valid_until:
        return "ended"
    if programme.valid_from is not None and on < programme.valid_from:
        return "not_yet"
    return "open"


def _not_open(programme: Programme, state: State, on: date) -> Reason:
    day = programme.valid_until if state == "ended" else programme.valid_from
    words = {"ended": f"It ended on {day}.", "not_yet": f"It begins on {day}."}
    return Reason(state, state, words[state], "no", {"on": on}, "decides", programme.sourced)


def _reason(
    condition: Condition, case: HouseholdCase, truth: Truth, held_by: tuple[str, ...]
) -> Reason:
    because: dict[str, FactValue | None] = {}
    for name in condition.reads:
        value = case.values.get(name) if name in FACTS else VERDICTS[case.verdict(name)]
        if value is not None or name in held_by:
            because[name] = value
    return Reason(
        rule=condition.rule,
        id=condition.id,
        says=condition.says,
        verdict=VERDICTS[truth],
        because=because,
        weight=condition.weight,
        sourced=condition.sourced,
    )
