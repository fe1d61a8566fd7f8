"""Which programmes may fit a household on a day, why, and what is still to be known.

Pure: the same catalogue, facts and day always give the same answer, and the day is passed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from programmes.benefits import Household, Payment, payment
from programmes.catalogue import Catalogue
from programmes.facts import ASK_ORDER, FACTS, Facts, FactValue
from programmes.logic import Truth, all_of
from programmes.model import Condition, Programme, Sourced, Weight

State: TypeAlias = Literal["open", "ended", "not_yet", "suspended"]
Verdict: TypeAlias = Literal["yes", "no", "unknown"]
VERDICTS: Mapping[Truth, Verdict] = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Reason:
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


@dataclass(frozen=True, slots=True)
class Assessment:
    """One programme for one household on one day.

    `missing` are the facts that could change the verdict, the most decisive first;
    `missing_for_amounts` those that could change only an amount.
    """

    id: str
    state: State
    verdict: Verdict
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    missing_for_amounts: tuple[str, ...]
    benefits: tuple[Payment, ...]

    @property
    def deciding(self) -> tuple[Reason, ...]:
        """The reasons that made the verdict: what speaks against it, else what is open."""
        weighed = [reason for reason in self.reasons if reason.weight != "remark"]
        same = [reason for reason in weighed if reason.verdict == self.verdict]
        return tuple(same or weighed)


@dataclass(frozen=True, slots=True)
class HouseholdCase:
    """Facts on a day before a catalogue. Judgements are kept while the case lives."""

    catalogue: Catalogue
    facts: Facts
    on: date
    _values: Mapping[str, FactValue]
    _judged: dict[str, Judgement]

    @staticmethod
    def of(catalogue: Catalogue, facts: Facts, on: date) -> HouseholdCase:
        """The case of a household.

        Who returns together with an adult is no unaccompanied minor: that need not be said.
        """
        values = dict(facts.values)
        if values.get("adults"):
            values.setdefault("unaccompanied_minor", False)
        return HouseholdCase(catalogue, facts, on, values, {})

    def fact(self, name: str) -> FactValue | None:
        """The value of a fact, or None."""
        return self._values.get(name)

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
        known = self._judged.get(programme_id)
        return known.truth if known else truth_of(self.catalogue.get(programme_id), self)

    def open_facts(self, programme_id: str) -> tuple[str, ...]:
        """The missing facts that could change the verdict on a programme."""
        return self.judgement(programme_id).open_facts

    def with_fact(self, name: str, value: FactValue) -> HouseholdCase:
        """The same household with one fact more."""
        return HouseholdCase.of(self.catalogue, self.facts.with_fact(name, value), self.on)


def truth_of(programme: Programme, case: HouseholdCase) -> Truth:
    """The verdict alone; the same as that of :func:`judge`, and much faster."""
    if _state_by_date(programme, case.on) != "open":
        return False
    answer: Truth = True
    for condition in programme.conditions:
        if condition.weight == "remark" or not condition.in_force(case.on):
            continue
        truth = condition.needs.truth(case)
        if truth is False:
            return False
        if truth is None and not (
            condition.weight == "caveat" and any(condition.needs.held_open_by(case))
        ):
            answer = None
    return answer


def judge(programme: Programme, case: HouseholdCase) -> Judgement:
    """The verdict on one programme, with every rule that was applied."""
    state = _state_by_date(programme, case.on)
    host = programme.conditions[0]
    here = host.needs.truth(case)
    host_reason = _reason(host, case, here, host.reads if here is None else ())
    if state != "open":
        return Judgement(state, False, (_not_open(programme, state, case.on), host_reason), ())
    if host_reason.verdict == "no":
        return Judgement(state, False, (host_reason,), ())
    return _apply(programme.conditions, case)


def _apply(conditions: tuple[Condition, ...], case: HouseholdCase) -> Judgement:
    state: State = "open"
    reasons: list[Reason] = []
    truths: list[Truth] = []
    open_facts: dict[str, None] = {}
    for condition in conditions:
        if not condition.in_force(case.on):
            continue
        truth = condition.needs.truth(case)
        if condition.weight == "remark":
            if truth is not False:
                reasons.append(_reason(condition, case, None, ()))
            continue
        held_by = tuple(condition.needs.held_open_by(case)) if truth is None else ()
        reasons.append(_reason(condition, case, truth, held_by))
        if condition.suspends and truth is False:
            state = "suspended"
        if condition.weight == "caveat" and held_by:
            continue
        truths.append(truth)
        open_facts.update(dict.fromkeys(held_by))
    truth = all_of(truths)
    return Judgement(state, truth, tuple(reasons), tuple(open_facts) if truth is None else ())


def assess(catalogue: Catalogue, facts: Facts, on: date) -> tuple[Assessment, ...]:
    """Every programme of the catalogue for one household on one day, in the catalogue's order."""
    from programmes.questions import by_decisiveness  # it asks back what a fact would change

    case = HouseholdCase.of(catalogue, facts, on)
    household = Household.of(facts)
    found = []
    for programme in catalogue:
        judgement = case.judgement(programme.id)
        payments = () if judgement.truth is False else _payments(programme, household, case)
        amounts = () if judgement.truth is False else open_amounts(programme, case)
        found.append(
            Assessment(
                id=programme.id,
                state=judgement.state,
                verdict=VERDICTS[judgement.truth],
                reasons=judgement.reasons,
                missing=by_decisiveness(programme, case, judgement.open_facts),
                missing_for_amounts=tuple(
                    name for name in amounts if name not in judgement.open_facts
                ),
                benefits=payments,
            )
        )
    return tuple(found)


def _payments(
    programme: Programme, household: Household, case: HouseholdCase
) -> tuple[Payment, ...]:
    payments = (payment(benefit, household, case) for benefit in programme.benefits)
    return tuple(paid for paid in payments if paid is not None)


def open_amounts(programme: Programme, case: HouseholdCase) -> tuple[str, ...]:
    """The missing facts that could change what a programme pays, in the order of asking."""
    names: set[str] = set()
    household = Household.of(case.facts)
    for benefit in programme.benefits:
        if benefit.when.truth(case) is False:
            continue
        names.update(benefit.when.held_open_by(case))
        for rate in benefit.rates:
            if rate.when.truth(case) is False:
                continue
            names.update(rate.when.held_open_by(case))
            if set(rate.amounts) != {"household"}:
                names.update(_unknown_size(household))
    return tuple(sorted(names, key=ASK_ORDER.__getitem__))


def _unknown_size(household: Household) -> tuple[str, ...]:
    sizes = {"adults": household.adults, "minors": household.minors}
    return tuple(name for name, size in sizes.items() if size is None)


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
        value = case.fact(name) if name in FACTS else VERDICTS[case.verdict(name)]
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
