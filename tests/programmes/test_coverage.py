"""What the example households cover: every rule both ways, every rate, list, cap and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pytest

from programmes import Assessment, Catalogue, Facts, assess
from programmes.comparisons import FactIs, OnList
from programmes.households import HouseholdExample
from tests.programmes.conftest import COVERAGE
from tests.programmes.sentences import all_cases

LEAST = 200
# It was for professionals: nobody who returns could ever meet it.
NEVER_MET = {"de.ofr for_professionals"}


@pytest.fixture(scope="module")
def assessed(catalogue: Catalogue) -> list[tuple[HouseholdExample, tuple[Assessment, ...]]]:
    """Every example household with its answer."""
    return [(case, assess(catalogue, Facts.read(case.facts), case.on)) for case in all_cases()]


Assessed = list[tuple[HouseholdExample, tuple[Assessment, ...]]]


def decided(assessed: Assessed) -> dict[str, set[str]]:
    """The answers seen for each rule, where all the facts that it reads were known."""
    seen: dict[str, set[str]] = defaultdict(set)
    for _, assessments in assessed:
        for found in assessments:
            for reason in found.reasons:
                if None not in reason.because.values():
                    seen[f"{found.id} {reason.id}"].add(reason.verdict)
    return seen


def test_there_are_households_enough() -> None:
    assert len(all_cases()) >= LEAST


def test_every_rule_is_decided_both_ways(
    catalogue: Catalogue, assessed: Assessed, request: pytest.FixtureRequest
) -> None:
    """Each rule that can make a verdict is met by one household and not met by another."""
    seen = decided(assessed)
    rules = [
        f"{programme.id} {rule.id}"
        for programme in catalogue
        for rule in programme.conditions
        if rule.weight != "remark"
    ]
    one_way = {rule for rule in rules if len(seen[rule]) < 2} - NEVER_MET
    both = len(rules) - len(one_way) - len(NEVER_MET)
    request.config.stash[COVERAGE] = (
        f"{len(all_cases())} households decide {both} of {len(rules) - len(NEVER_MET)} rules both "
        f"ways ({100 * both / (len(rules) - len(NEVER_MET)):.0f} %)"
    )
    assert not one_way


def test_every_remark_is_said_to_one_and_not_to_another(
    catalogue: Catalogue, assessed: Assessed
) -> None:
    said: dict[str, set[bool]] = defaultdict(set)
    for _, assessments in assessed:
        for found in assessments:
            ids = {reason.id for reason in found.reasons}
            for rule in catalogue.get(found.id).conditions:
                if rule.weight == "remark" and found.verdict != "no":
                    said[f"{found.id} {rule.id}"].add(rule.id in ids)
    for programme in catalogue:
        for rule in programme.conditions:
            if rule.weight == "remark":
                wanted = {True, False} if rule.reads else {True}
                assert said[f"{programme.id} {rule.id}"] == wanted, rule.id


def test_every_conditional_benefit_is_given_to_one_and_not_to_another(
    catalogue: Catalogue, assessed: Assessed
) -> None:
    given: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for _, assessments in assessed:
        for found in assessments:
            if found.verdict != "no":
                kinds = {payment.kind for payment in found.benefits}
                for benefit in catalogue.get(found.id).benefits:
                    given[found.id, benefit.kind].add(benefit.kind in kinds)
    for programme in catalogue:
        for benefit in programme.benefits:
            if any(isinstance(part, FactIs) for part in benefit.when.parts()):
                assert given[programme.id, benefit.kind] == {True, False}, benefit.says


def test_every_rate_is_paid_to_somebody(catalogue: Catalogue, assessed: Assessed) -> None:
    paid = {
        (found.id, payment.kind, payment.rate)
        for _, assessments in assessed
        for found in assessments
        for payment in found.benefits
    }
    rates = {
        (programme.id, benefit.kind, rate.id)
        for programme in catalogue
        for benefit in programme.benefits
        for rate in benefit.rates
    }
    # Its amounts are those of the standard rate, which is never lower.
    assert rates - paid <= {("ch.eurp", "post_return", "confirmed")}


def test_every_cap_is_met_from_below_and_from_above(assessed: Assessed) -> None:
    sides: dict[str, set[str]] = defaultdict(set)
    for case, assessments in assessed:
        for found in assessments:
            for payment in found.benefits:
                if payment.cap and payment.up_to and {"adults", "minors"} <= set(case.facts):
                    total = sum(part.each.amount * (part.count or 0) for part in payment.parts)
                    side = (total > payment.cap.amount) - (total < payment.cap.amount)
                    sides[f"{found.id} {payment.kind} {payment.rate}"].add(
                        ("at", "above", "below")[side]
                    )
    assert sides.pop("de.reag_garp start_money early_arrival") >= {"below"}
    assert sides
    for where, seen in sides.items():
        assert seen == {"below", "at", "above"}, where


def _days(catalogue: Catalogue) -> Iterator[tuple[str, str, date]]:
    for programme in catalogue:
        for rule in programme.conditions:
            if rule.weight != "remark":
                for day, inside in ((rule.starts, 1), (rule.ends, 0)):
                    if day:
                        yield programme.id, f"{rule.id} {'from' if inside else 'until'}", day


def test_every_dated_rule_has_households_before_and_after(catalogue: Catalogue) -> None:
    days: dict[str, set[date]] = defaultdict(set)
    for case in all_cases():
        days[str(case.facts.get("host_country"))].add(case.on)
    for programme, rule, day in _days(catalogue):
        known = days[programme[:2].upper()]
        assert any(on < day for on in known) or day.year < 2015, (programme, rule, day)
        assert any(on > day for on in known), (programme, rule, day)


def test_every_list_has_nationals_on_it_and_off_it(catalogue: Catalogue) -> None:
    nationals: dict[str, set[str]] = defaultdict(set)
    for case in all_cases():
        for fact in ("nationality", "destination"):
            if case.facts.get(fact):
                nationals[str(case.facts.get("host_country"))].add(str(case.facts[fact]))
    for programme in catalogue:
        known = nationals[programme.host_country]
        for leaf in programme.expressions():
            if isinstance(leaf, FactIs) and isinstance(leaf.test, OnList):
                listed = catalogue.lists[leaf.test.list_name].versions.steps[-1][1]
                assert known & listed, (programme.id, leaf.test.list_name)
                assert known - listed, (programme.id, leaf.test.list_name)


def test_whole_german_lists_are_walked(catalogue: Catalogue) -> None:
    """For StarthilfePlus, EURP and the reduced rate each listed country has its own household."""
    known = {
        case.facts["nationality"]
        for case in all_cases()
        if case.facts.get("host_country") == "DE" and "nationality" in case.facts
    }
    for name in ("shp_regular", "shp_reduced", "shp_housing", "eurp_de", "visa_liberalised_de"):
        assert catalogue.lists[name].versions.steps[-1][1] <= known, name
