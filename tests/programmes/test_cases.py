"""The cases: every household comes out as a counsellor worked it out by hand."""

from __future__ import annotations

import pytest

from programmes import Catalogue, check
from programmes.households import HouseholdExample
from tests.programmes.sentences import all_cases, differences, expectations

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


def test_every_case_expects_verdicts() -> None:
    for case in CASES:
        for programme, wanted in expectations(case).items():
            assert wanted.get("verdict") in ("yes", "no", "unknown"), (case.name, programme)
