"""The cases: every household comes out as a counsellor worked it out by hand."""

from __future__ import annotations

from collections import defaultdict

import pytest

from programmes import Catalogue, check
from programmes.households import HouseholdExample
from tests.programmes.sentences import all_cases, differences

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_household_comes_out_as_worked_out_by_hand(
    case: HouseholdExample, catalogue: Catalogue
) -> None:
    answer = check(catalogue, case.facts, case.on)
    found = {entry["id"]: entry for entry in answer["programmes"]}
    assert not differences(case, found)


def test_names_are_sentences_of_their_own() -> None:
    names = [(case.file, case.name) for case in CASES]
    assert len(names) == len(set(names))


def test_every_rule_is_decided_both_ways(catalogue: Catalogue) -> None:
    """Each rule that can make a verdict is met by one household and not met by another."""
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    from programmes import Facts, assess

    for case in CASES:
        for assessment in assess(catalogue, Facts.read(case.facts), case.on):
            for reason in assessment.reasons:
                open_facts = [name for name, value in reason.because.items() if value is None]
                if not open_facts:
                    seen[assessment.id, reason.id].add(reason.verdict)
    missing = [
        f"{programme.id} {rule.id}: only {sorted(seen[programme.id, rule.id])}"
        for programme in catalogue
        for rule in programme.conditions
        if rule.weight != "remark" and len(seen[programme.id, rule.id]) < 2
    ]
    assert missing == ["de.ofr for_professionals: only ['no']"]  # it was for nobody who chats
