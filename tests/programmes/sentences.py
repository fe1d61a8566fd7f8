"""Compares what comes out for an example household with what its case expects.

A case says for each programme the verdict, or the verdict with amounts by kind:

    expect:
      ch.individual: {verdict: yes, start_money: 1000 CHF, medical: in kind, never: [housing]}
      also yes: [ch.rif]            verdicts alone, many programmes at once

`missing` and `state` are compared where they are written; `never` names kinds that must not be
there, `says` and `does not say` rules that must or must not be among the reasons.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from programmes.households import HouseholdExample, read_households

CASES = Path(__file__).parent / "cases"
WORDS = ("verdict", "state", "missing")
NOT_FOUND_KEYS = ("never", "says", "does not say")


def all_cases() -> list[HouseholdExample]:
    """Every example household."""
    return list(read_households(CASES))


def expectations(case: HouseholdExample) -> dict[str, dict[str, Any]]:
    """What a case expects, by programme."""
    wanted: dict[str, dict[str, Any]] = {}
    for key, value in case.expect.items():
        if key.startswith("also "):
            wanted |= {programme: {"verdict": key.removeprefix("also ")} for programme in value}
        else:
            wanted[key] = value if isinstance(value, dict) else {"verdict": value}
    return wanted


def differences(case: HouseholdExample, found: dict[str, dict[str, Any]]) -> list[str]:
    """In words, how the answer differs from what the case expects."""
    return [
        line
        for programme, wanted in expectations(case).items()
        for line in _programme(programme, found[programme], wanted)
    ]


def _programme(name: str, entry: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    paid = {benefit["kind"]: _shown(benefit) for benefit in entry.get("benefits", ())}
    found: dict[str, Any] = {word: entry[word] for word in WORDS} | paid
    pairs = {key: value for key, value in wanted.items() if key not in NOT_FOUND_KEYS}
    pairs |= dict.fromkeys(wanted.get("never", ()))
    lines = [
        f"{name} {key}: {found.get(key)!r}, expected {value!r}"
        for key, value in pairs.items()
        if found.get(key) != value
    ]
    rules = {reason["rule"] for reason in entry["reasons"]}
    lines += [f"{name} does not say {rule}" for rule in wanted.get("says", ()) if rule not in rules]
    return lines + [
        f"{name} says {rule}" for rule in wanted.get("does not say", ()) if rule in rules
    ]


def _shown(benefit: dict[str, Any]) -> str:
    if benefit["up_to"] is None:
        return "in kind"
    each = " a person" if benefit["for"] == "person" else ""
    return f"{benefit['up_to']['amount']} {benefit['up_to']['currency']}{each}"
