"""Where to go: the verified contacts of a canton, or those for all of Germany."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from actions.turn import HOSTS, Turn, Voice
from programmes import load_offices
from programmes.offices import Office
from wegweiser.places import canton_code, land_code
from wegweiser.settings import ROOT
from wegweiser.wording import as_of

FOLDER = ROOT / "content" / "offices"
SHOWN = 3
LINE = "\u2066{}\u2069"
"""Isolated, so that a phone number keeps its order inside a text written right to left."""


def say_offices(turn: Turn, voice: Voice, host: str) -> None:
    """Name the offices that are known for where the person lives; nothing when none is."""
    found = offices_for(host, _region(turn, host))
    if found:
        voice.say(
            "utter_offices", offices="\n\n".join(in_words(one, voice.language) for one in found)
        )


def _region(turn: Turn, host: str) -> str:
    named = turn.entity("place")
    if host == "CH":
        return canton_code(named) or turn.slot("canton")
    return land_code(named) or turn.slot("land")


def say_nearest(turn: Turn, voice: Voice) -> None:
    """Name the offices nearest to a place on the map, and show those whose town is known.

    Nothing is remembered: where a person was when they asked is not where they live.
    """
    host = (turn.nearest or ("",))[0].partition("-")[0]
    if host not in HOSTS:
        voice.say("utter_media_location")
        return
    here = Voice(voice.dispatcher, voice.language, host)
    found = nearest_offices(host, [one.partition("-")[2] for one in turn.nearest])
    pinned = [one for one in found if one.coordinates and one.address]
    human = here.button("human", "request_human")
    here.say(
        "utter_location_offices",
        human,
        offices="\n\n".join(in_words(one, voice.language) for one in found),
    )
    for one in pinned:
        here.place(f"{one.name}\n{LINE.format(one.address)}", _venue(one))
    if any(one.pin == "town" for one in pinned):
        here.say("utter_location_pin")


def _venue(office: Office) -> dict[str, object]:
    latitude, longitude = office.coordinates or (0.0, 0.0)
    return {
        "latitude": latitude,
        "longitude": longitude,
        "title": office.name,
        "address": office.address,
    }


def nearest_offices(host: str, regions: Sequence[str]) -> list[Office]:
    """Offices with a way to reach them, in the order of these regions; else the country's."""
    there = [one for one in _all(_changed()) if one.country == host and _reachable(one)]
    near = [one for region in regions for one in there if region in one.regions]
    general = [one for one in there if not one.regions and host == "DE"]
    return (list(dict.fromkeys(near)) or general)[:SHOWN]


def offices_for(host: str, region: str) -> list[Office]:
    """Offices with a way to reach them: of the region, else those for the whole country."""
    there = [one for one in _all(_changed()) if one.country == host and _reachable(one)]
    own = [one for one in there if region and region in one.regions]
    return (own or [one for one in there if not one.regions and host == "DE"])[:SHOWN]


def _reachable(one: Office) -> bool:
    return bool(one.phone or one.email or one.address or one.website)


def in_words(one: Office, language: str) -> str:
    """An office, a line for each way to reach it, and as of when."""
    ways = (one.address, one.phone, one.email, one.website)
    dated = as_of(one.as_of, language) if one.as_of[:4].isdecimal() else ""
    source = ", ".join(part for part in (dated, one.source) if part)
    return "\n".join([one.name, *(LINE.format(way) for way in ways if way), f"({source})"])


def _changed() -> int:
    return max(path.stat().st_mtime_ns for path in FOLDER.glob("*.yml"))


@lru_cache(maxsize=2)
def _all(changed_ns: int) -> tuple[Office, ...]:
    return load_offices(FOLDER)
