"""What may be known about a household, and how it is read.

The names and values here are the only ones that rules, the chat and the command line use.
A fact that is not known is absent (or null): it is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal, TypeAlias

from programmes.codes import CANTONS, COUNTRIES, LAENDER

FactValue: TypeAlias = str | bool | int | date
FactKind: TypeAlias = Literal["choice", "country", "flag", "count", "day"]

STATUSES = (
    "asylum_pending",
    "asylum_rejected",
    "temporarily_admitted",
    "protected",
    "temporary_protection",
    "tolerated",
    "residence_permit",
    "undocumented",
)


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact: its name, the kind of its values and, for a choice, the values."""

    name: str
    kind: FactKind
    choices: tuple[str, ...] = ()

    def expected(self) -> str:
        """The values in words, for an error message."""
        return {
            "choice": "one of " + ", ".join(self.choices),
            "country": "a two-letter country code (ISO 3166-1) in capitals, XK for Kosovo",
            "flag": "true or false",
            "count": "a whole number, 0 or more",
            "day": "a day as YYYY-MM-DD",
        }[self.kind]

    def read(self, given: object) -> FactValue | None:
        """The value, or None if `given` is no value of this fact."""
        if self.kind == "flag":
            return given if isinstance(given, bool) else None
        if self.kind == "count":
            whole = isinstance(given, int) and not isinstance(given, bool)
            return given if whole and isinstance(given, int) and given >= 0 else None
        if self.kind == "day":
            return _day(given)
        if not isinstance(given, str):
            return None
        allowed = COUNTRIES if self.kind == "country" else self.choices
        return given if given in allowed else None


# The order is the order in which a counsellor would ask; it breaks ties between equally
# decisive facts.
_SPECS = (
    FactSpec("host_country", "choice", ("CH", "DE")),
    FactSpec("status", "choice", STATUSES),
    FactSpec("place", "choice", ("federal_centre", "airport_transit", "canton")),
    FactSpec("nationality", "country"),
    FactSpec("destination", "country"),
    FactSpec("destination_right_to_stay_months", "count"),
    FactSpec("received_before", "flag"),
    FactSpec("stay_months", "count"),
    FactSpec("tolerated_months", "count"),
    FactSpec("adults", "count"),
    FactSpec("minors", "count"),
    FactSpec("unaccompanied_minor", "flag"),
    FactSpec("medical_need", "flag"),
    FactSpec("special_need", "flag"),
    FactSpec("dublin", "flag"),
    FactSpec("canton", "choice", CANTONS),
    FactSpec("land", "choice", LAENDER),
    FactSpec("departure_on", "day"),
    FactSpec("refused_on", "day"),
    FactSpec("has_means", "flag"),
    FactSpec("excluded_conduct", "flag"),
    FactSpec("trafficking_victim", "flag"),
)
FACTS: Mapping[str, FactSpec] = MappingProxyType({spec.name: spec for spec in _SPECS})
ASK_ORDER: Mapping[str, int] = MappingProxyType({name: n for n, name in enumerate(FACTS)})

# Asking for these would harm or frighten; the answer says that they matter instead.
NEVER_ASKED = frozenset({"has_means", "excluded_conduct", "trafficking_victim"})

# Read as this value when missing, unless a rule says `when_missing: unknown`.
READ_AS_WHEN_MISSING: Mapping[str, FactValue] = MappingProxyType({"trafficking_victim": False})


class FactError(ValueError):
    """Facts that cannot be read; `problems` names every one of them, with its remedy."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one household. Build it with :meth:`read`."""

    values: Mapping[str, FactValue]

    @staticmethod
    def read(given: Mapping[str, object]) -> Facts:
        """Read facts from JSON-like values; null means not known.

        Raises:
            FactError: an unknown name, a value the fact cannot have, or a household of nobody;
                all problems at once.
        """
        problems: list[str] = []
        values: dict[str, FactValue] = {}
        for name, raw in given.items():
            if name not in FACTS:
                problems.append(_unknown_name(name))
            elif raw is not None:
                value = FACTS[name].read(raw)
                if value is None:
                    problems.append(f"{name}: {raw!r} is not {FACTS[name].expected()}.")
                else:
                    values[name] = value
        if values.get("adults") == 0 and values.get("minors") == 0:
            problems.append("adults, minors: both are 0. At least one person must return.")
        if problems:
            raise FactError(tuple(problems))
        return Facts(MappingProxyType(values))

    def get(self, name: str) -> FactValue | None:
        """The value of a fact, or None if it is not known."""
        return self.values.get(name)

    def with_fact(self, name: str, value: FactValue) -> Facts:
        """The same household with one fact added or changed."""
        return Facts({**self.values, name: value})

    def with_what_follows(self) -> Facts:
        """The same household with what follows from what was said and need not be asked.

        Who returns together with an adult is no unaccompanied minor; minors who return without
        an adult are; a minor on their own is a household of one, unless more is said.
        """
        follows: dict[str, FactValue] = {}
        if self.values.get("unaccompanied_minor") is True:
            follows = {"adults": 0, "minors": 1}
        elif "adults" in self.values:
            follows = {"unaccompanied_minor": self.values["adults"] == 0}
        return Facts({**follows, **self.values}) if follows.keys() - self.values else self

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)


def _day(given: object) -> date | None:
    if isinstance(given, date):
        return given if type(given) is date else None
    if not isinstance(given, str) or len(given) != 10:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


def _unknown_name(name: object) -> str:
    near = get_close_matches(str(name), FACTS, n=1)
    hint = f"Did you mean {near[0]}?" if near else "The facts are: " + ", ".join(FACTS) + "."
    return f"{name}: there is no fact of this name. {hint}"
