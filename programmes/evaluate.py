"""Which programmes may fit a household on a day, why, and what is still to be known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from programmes.benefits import Household, Payment, open_amounts, payment
from programmes.catalogue import Catalogue
from programmes.facts import Facts
from programmes.judging import VERDICTS, HouseholdCase, Reason, State, Verdict
from programmes.model import Programme
from programmes.questions import by_decisiveness


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


def assess(catalogue: Catalogue, facts: Facts, on: date) -> tuple[Assessment, ...]:
    """Every programme of the catalogue for one household on one day, in the catalogue's order."""
    case = HouseholdCase.of(catalogue, facts, on)
    household = Household.of(case.facts)
    found = []
    for programme in catalogue:
        judgement = case.judgement(programme.id)
        payments = () if judgement.truth is False else _payments(programme, household, case)
        amounts = () if judgement.truth is False else open_amounts(programme, household, case)
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
