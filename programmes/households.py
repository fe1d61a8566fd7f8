"""Example households, kept as sentences: what is known of each, on which day, what must come out.

A file has `on` (the day), `given` (facts of every household in it) and `cases`; each case has
`name`, `facts`, and if need be `on` and `without` (given facts that are not known here). `expect`
is read by the tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

KEYS = frozenset({"name", "on", "facts", "without", "expect"})


@dataclass(frozen=True, slots=True)
class HouseholdExample:
    """One household on one day; `expect` holds the wanted answer by programme."""

    file: str
    name: str
    on: date
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]


def read_households(folder: Path) -> Iterator[HouseholdExample]:
    """Every household of every file in a folder.

    Raises:
        ValueError: a case with an unknown key; the message names file, case and key.
    """
    for path in sorted(folder.glob("*.yml")):
        sheet = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        for case in sheet["cases"]:
            unknown = ", ".join(sorted(set(case) - KEYS))
            if unknown:
                raise ValueError(f"{path.name}: {case.get('name')}: no such key: {unknown}.")
            known = {**sheet["given"], **case["facts"]}
            facts = {k: v for k, v in known.items() if k not in case.get("without", ())}
            on = case.get("on", sheet["on"])
            yield HouseholdExample(path.name, case["name"], on, facts, case["expect"])
