"""What must hold for every household, also for those nobody has thought of."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programmes import FACTS, NEVER_ASKED, Facts, assess, check, load, next_question
from programmes.codes import COUNTRIES
from programmes.facts import FactSpec

CATALOGUE = load(Path(__file__).parents[2] / "content" / "programmes")
READS = {
    (programme.id, rule.id): set(rule.reads)
    for programme in CATALOGUE
    for rule in programme.conditions
}
# Countries that the rules speak of come up more often than they would by chance.
TELLING = ["AF", "SY", "GE", "TR", "XK", "AL", "PT", "IR", "SD", "UA", "YE", "NG", "RU", "CA", "DE"]


def values(spec: FactSpec) -> st.SearchStrategy[Any]:
    if spec.kind == "choice":
        return st.sampled_from(spec.choices)
    if spec.kind == "country":
        return st.one_of(st.sampled_from(TELLING), st.sampled_from(sorted(COUNTRIES)))
    if spec.kind == "flag":
        return st.booleans()
    if spec.kind == "count":
        return st.one_of(st.integers(0, 9), st.integers(0, 10**9))
    return st.dates(date(1950, 1, 1), date(2100, 1, 1)).map(date.isoformat)


def somebody(facts: dict[str, Any]) -> bool:
    return not (facts.get("adults") == 0 and facts.get("minors") == 0)


households = st.fixed_dictionaries(
    {}, optional={name: values(spec) for name, spec in FACTS.items()}
).filter(somebody)
days = st.one_of(st.just(date(2026, 11, 22)), st.dates(date(2000, 1, 1), date(2060, 1, 1)))
quick = settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def verdicts(facts: dict[str, Any], on: date) -> dict[str, str]:
    return {found["id"]: found["verdict"] for found in check(CATALOGUE, facts, on)["programmes"]}


@quick
@given(households, days)
def test_every_household_has_an_answer_that_is_json(facts: dict[str, Any], on: date) -> None:
    answer = check(CATALOGUE, facts, on)
    assert json.loads(json.dumps(answer)) == answer
    assert [found["id"] for found in answer["programmes"]] == [p.id for p in CATALOGUE]
    for found in answer["programmes"]:
        assert found["verdict"] != "no" or "benefits" not in found
        assert found["verdict"] == "unknown" or found["missing"] == []
        assert not set(found["missing"]) & set(facts)


@quick
@given(households, days, st.randoms())
def test_order_of_facts_does_not_matter(facts: dict[str, Any], on: date, random: Any) -> None:
    names = list(facts)
    random.shuffle(names)
    shuffled = {name: facts[name] for name in names}
    assert check(CATALOGUE, shuffled, on) == check(CATALOGUE, facts, on)


@quick
@given(households, days, st.data())
def test_a_new_fact_changes_only_what_reads_it(
    facts: dict[str, Any], on: date, data: st.DataObject
) -> None:
    unknown = [name for name in FACTS if name not in facts]
    if not unknown:
        return
    name = data.draw(st.sampled_from(unknown))
    more = {**facts, name: data.draw(values(FACTS[name]))}
    if not somebody(more):
        return
    before, after = verdicts(facts, on), verdicts(more, on)
    for programme in CATALOGUE:
        first, then = before[programme.id], after[programme.id]
        if first == "no" and then != "no":
            # Only what is read as false when missing may open a closed door.
            assert name == "trafficking_victim"
        if first == "yes" and then != "yes":
            caveats = [rule for rule in programme.conditions if rule.weight == "caveat"]
            read = {fact for rule in caveats for fact in _reads(programme.id, rule.id)}
            assert name in read | {"trafficking_victim"}
        if first != then:
            assert name in {
                fact for rule in programme.conditions for fact in _reads(programme.id, rule.id)
            } | {"adults"}


def _reads(programme_id: str, rule_id: str) -> set[str]:
    names: set[str] = set()
    for name in READS[programme_id, rule_id]:
        if name in FACTS:
            names.add(name)
        else:
            for other, below in READS:
                if other == name:
                    names |= _reads(other, below)
    return names


@quick
@given(households, days)
def test_what_is_missing_never_counts_as_no(facts: dict[str, Any], on: date) -> None:
    """A rule that says no has read a value, or the day."""
    for assessment in assess(CATALOGUE, Facts.read(facts), on):
        for reason in assessment.reasons:
            if reason.verdict == "no" and reason.rule not in ("for_professionals",):
                known = [value for value in reason.because.values() if value is not None]
                assert known or "trafficking_victim" in READS[assessment.id, reason.id]


@quick
@given(households, days)
def test_caps_hold_and_parts_add_up(facts: dict[str, Any], on: date) -> None:
    for found in check(CATALOGUE, facts, on)["programmes"]:
        for paid in found.get("benefits", []):
            if paid["up_to"] is None:
                assert paid["parts"] == [] or all(part["count"] is None for part in paid["parts"])
                continue
            amount = paid["up_to"]["amount"]
            if "cap" in paid:
                assert amount <= paid["cap"]["amount"]
            counted = [part["up_to"]["amount"] for part in paid["parts"] if part["up_to"]]
            complete = len(counted) == len(paid["parts"])
            if complete and paid["for"] == "household" and "cap" not in paid:
                assert amount == sum(counted)


@quick
@given(households)
def test_no_money_where_means_or_conduct_exclude(facts: dict[str, Any]) -> None:
    facts = {**facts, "has_means": True}
    found = verdicts(facts, date(2026, 11, 22))
    for programme in ("ch.individual", "ch.ras", "ch.raz", "ch.status_s", "de.reag_garp"):
        assert found[programme] == "no"


@quick
@given(households)
def test_raz_never_shows_the_increased_help(facts: dict[str, Any]) -> None:
    for found in check(CATALOGUE, facts, date(2026, 11, 22))["programmes"]:
        if found["id"] == "ch.raz":
            for paid in found.get("benefits", []):
                if paid["kind"] == "project":
                    assert paid["up_to"]["amount"] == 3000


@quick
@given(households, st.sampled_from(["CH", "DE"]))
def test_questions_end_and_are_never_forbidden(facts: dict[str, Any], host: str) -> None:
    on = date(2026, 11, 22)
    known = Facts.read({**facts, "host_country": host})
    skipped: list[str] = []
    for _ in range(len(FACTS) + 1):
        name = next_question(CATALOGUE, known, host, on, skipped)
        if name is None:
            return
        assert name not in NEVER_ASKED
        assert name not in skipped
        assert known.get(name) is None
        skipped.append(name)
    raise AssertionError("the questions did not end")
