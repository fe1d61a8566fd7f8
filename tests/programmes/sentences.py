"""Compares what comes out for an example household with what its case expects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from programmes.households import HouseholdExample, read_households

CASES = Path(__file__).parent / "cases"
WORDS = ("verdict", "state", "missing")


def all_cases() -> list[HouseholdExample]:
    """Every example household."""
    return list(read_households(CASES))


def differences(case: HouseholdExample, found: dict[str, dict[str, Any]]) -> list[str]:
    """In words, how the answer differs from what the case expects."""
    return [
        line
        for programme, wanted in case.expect.items()
        for line in _programme(
            programme,
            found[programme],
            wanted if isinstance(wanted, dict) else {"verdict": wanted},
        )
    ]


def _programme(name: str, entry: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    paid = {benefit["kind"]: _shown(benefit) for benefit in entry.get("benefits", ())}
    found: dict[str, Any] = {word: entry[word] for word in WORDS} | paid
    pairs = {key: value for key, value in wanted.items() if key != "never"}
    pairs |= dict.fromkeys(wanted.get("never", ()))
    return [
        f"{name} {key}: {found.get(key)!r}, expected {value!r}"
        for key, value in pairs.items()
        if found.get(key) != value
    ]


def _shown(benefit: dict[str, Any]) -> str:
    if benefit["up_to"] is None:
        return "in kind"
    each = " a person" if benefit["for"] == "person" else ""
    return f"{benefit['up_to']['amount']} {benefit['up_to']['currency']}{each}"
