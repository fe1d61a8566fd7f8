"""Where people can go: offices of return counselling, read from `content/offices/*.yml`.

Only contacts that stand in a public text are in the delivered lists, each with its source and the
date that the text shows. An operator adds a list of their own (:mod:`programmes.office_lists`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from programmes.codes import CANTONS, LAENDER
from programmes.model import CONFIDENCES
from programmes.problems import Problem, Problems, shown
from programmes.reading_values import as_of, identifier
from programmes.yamltree import Tree, read_tree

REQUIRED = ("id", "name", "country", "source", "as_of", "confidence")
OPTIONAL = (
    "regions",
    "languages",
    "hours",
    "phone_hours",
    "phone",
    "email",
    "address",
    "website",
    "latitude",
    "longitude",
    "pin",
    "note",
)
PINS = ("door", "town")
REGIONS: Mapping[str, tuple[str, ...]] = {"CH": CANTONS, "DE": LAENDER}
UNDATED = "undated"

# Roughly where the two countries lie: south, north, west, east.
_BOUNDS = {"CH": (45.8, 47.9, 5.9, 10.6), "DE": (47.2, 55.1, 5.8, 15.1)}
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PHONE = re.compile(r"\+\d{2}[\d ]{6,16}\d")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}")
_WEBSITE = re.compile(r"https://[^\s]+\.[^\s]+")
_DAYS = "(Mo|Tu|We|Th|Fr|Sa|Su)"
_TIMES = r"\d\d:\d\d-\d\d:\d\d(,\d\d:\d\d-\d\d:\d\d)*"
_HOURS = re.compile(rf"({_DAYS}(-{_DAYS})? )?{_TIMES}(; {_DAYS}(-{_DAYS})? {_TIMES})*")


@dataclass(frozen=True, slots=True)
class Office:
    """A place that counsels on return, or a public line.

    `regions` are cantons or Länder; empty means the whole country. `hours` are those in which
    people can come without an appointment, `phone_hours` those of the telephone, both as
    "Mo-Fr 09:00-11:00,14:00-16:00"; without days where the text names none. `as_of` is the date
    that the text shows, or "undated". `coordinates` are latitude and longitude (WGS 84); `pin` says
    of what: the "door", or the centre of the "town" where nobody has measured the door; empty
    without coordinates.
    """

    id: str
    name: str
    country: str
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    hours: str
    phone_hours: str
    phone: str
    email: str
    address: str
    website: str
    coordinates: tuple[float, float] | None
    pin: str
    source: str
    as_of: str
    confidence: str
    note: str


def load_offices(path: str | Path = "content/offices") -> tuple[Office, ...]:
    """All offices of all lists in a folder, in the order of the files.

    Raises:
        CatalogueError: anything in a list is wrong; the error holds every problem.
    """
    folder = Path(path)
    problems = Problems()
    if not folder.is_dir():
        fault, remedy = "is no folder.", "Run from the project's root, or name the folder."
        problems.add(Problem(shown(folder), 1, "path", "", fault, remedy))
    rows = [
        row for file in sorted(folder.glob("*.yml")) for row in read_tree(file, problems).each()
    ]
    offices = read_offices(rows)
    problems.raise_if_any("The list of offices")
    return offices


def read_offices(rows: list[Tree]) -> tuple[Office, ...]:
    """One office a row; every problem is noted in the rows."""
    offices: dict[str, Office] = {}
    for row in rows:
        office = _office(row)
        if office.id in offices:
            row.problem(f"the id {office.id!r} is taken.", "Choose another id.")
        offices[office.id] = office
    return tuple(offices.values())


def _office(row: Tree) -> Office:
    fields = row.mapping(required=REQUIRED, optional=OPTIONAL)
    country = fields["country"].one_of(tuple(REGIONS)) if "country" in fields else "CH"
    if not {"phone", "email", "address", "website", "note"} & fields.keys():
        remedy = "Add phone, email, address or website, or a note on how to find it."
        row.problem("names no way to reach the office.", remedy)
    return Office(
        id=identifier(fields["id"]) if "id" in fields else "",
        name=_text(fields, "name"),
        country=country,
        regions=_regions(fields, country),
        languages=_languages(fields),
        hours=_matching(fields, "hours", _HOURS, "Mo-Fr 09:00-11:00,14:00-16:00; Sa 09:00-10:00"),
        phone_hours=_matching(fields, "phone_hours", _HOURS, "Mo-Fr 09:00-11:00"),
        phone=_matching(fields, "phone", _PHONE, "+41 31 123 45 67"),
        email=_matching(fields, "email", _EMAIL, "name@example.org"),
        address=_text(fields, "address"),
        website=_matching(fields, "website", _WEBSITE, "https://www.example.org/return"),
        coordinates=_coordinates(row, fields, country),
        pin=_pin(row, fields),
        source=_text(fields, "source"),
        as_of=_as_of(fields),
        confidence=fields["confidence"].one_of(CONFIDENCES) if "confidence" in fields else "",
        note=_text(fields, "note"),
    )


def _text(fields: Mapping[str, Tree], name: str) -> str:
    return fields[name].text() if name in fields else ""


def _matching(fields: Mapping[str, Tree], name: str, form: re.Pattern[str], example: str) -> str:
    text = _text(fields, name)
    if text and not form.fullmatch(text):
        fields[name].problem("is not written as it must be.", f"For example: {example}.")
    return text


def _as_of(fields: Mapping[str, Tree]) -> str:
    if "as_of" not in fields or fields["as_of"].written() == UNDATED:
        return UNDATED
    return as_of(fields["as_of"])


def _regions(fields: Mapping[str, Tree], country: str) -> tuple[str, ...]:
    items = fields["regions"].each() if "regions" in fields else ()
    return tuple(item.one_of(REGIONS[country]) for item in items)


def _languages(fields: Mapping[str, Tree]) -> tuple[str, ...]:
    items = fields["languages"].each() if "languages" in fields else ()
    for item in items:
        if not _LANGUAGE.fullmatch(item.written()):
            item.problem("is no language.", "Use a code such as de, fr, ar.")
    return tuple(item.written() for item in items)


def _coordinates(row: Tree, fields: Mapping[str, Tree], country: str) -> tuple[float, float] | None:
    given = {"latitude", "longitude"} & fields.keys()
    if not given:
        return None
    if len(given) == 1:
        row.problem(f"has {min(given)} alone.", "Give latitude and longitude, or neither.")
        return None
    south, north, west, east = _BOUNDS[country]
    latitude = _degrees(fields["latitude"], south, north)
    longitude = _degrees(fields["longitude"], west, east)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _pin(row: Tree, fields: Mapping[str, Tree]) -> str:
    if "pin" not in fields:
        return PINS[0] if "latitude" in fields else ""
    if "latitude" not in fields:
        row.problem("has a pin without coordinates.", "Give latitude and longitude, or no pin.")
    return fields["pin"].one_of(PINS)


def _degrees(tree: Tree, least: float, most: float) -> float | None:
    try:
        degrees = float(tree.written())
    except ValueError:
        degrees = float("nan")
    if least <= degrees <= most:
        return degrees
    remedy = f"Write decimal degrees between {least} and {most}; latitude is the one near 47 to 55."
    tree.problem("does not lie in the country.", remedy)
    return None
