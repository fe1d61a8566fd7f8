"""Facts about a person between the chat and the rules base.

In the dialogue a fact is a short text ("AF", "true", "3", "unknown"); the rules base has types.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.turn import UNKNOWN, Turn
from programmes import FACTS
from wegweiser.places import canton_code, land_code
from wegweiser.texts import FALLBACK, texts, word
from wegweiser.wording import country_name, day, join

DAY = re.compile(r"\b(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./ ](\d{1,2})[./ ](\d{4}))\b")
ANSWERING = ("inform", "affirm", "deny", "nlu_fallback", "out_of_scope", "ask_family", "ask_office")
"""Intents under which a short message may be a plain answer to the question just asked."""
SHORT_WORDS = 5


def known(slots: Mapping[str, Any]) -> dict[str, object]:
    """The facts that are known, typed as the rules base reads them."""
    facts: dict[str, object] = {}
    for name, spec in FACTS.items():
        value = slots.get(name)
        if value in (None, "", UNKNOWN):
            continue
        text = str(value)
        if spec.kind == "flag":
            facts[name] = text == "true"
        elif spec.kind == "count":
            facts[name] = int(text)
        else:
            facts[name] = text
    return facts


def not_told(slots: Mapping[str, Any]) -> set[str]:
    """Facts that the person does not know or does not want to say: never asked again."""
    return {name for name in FACTS if slots.get(name) == UNKNOWN}


def read_answer(fact: str, turn: Turn) -> str | None:
    """What a typed message says about the fact that was asked; None when it says nothing."""
    if turn.is_button:
        return None
    if says_unknown(turn):
        return UNKNOWN
    spec = FACTS[fact]
    if not _may_be_an_answer(turn):
        return None
    if spec.kind == "country":
        return next(iter(turn.countries_abroad), None)
    if spec.kind == "flag":
        return {"affirm": "true", "deny": "false"}.get(turn.intent)
    if spec.kind == "count":
        return _count(fact, turn)
    if spec.kind == "day":
        found = _day(turn.text)
        return found.isoformat() if found else None
    return _choice(fact, turn)


def _may_be_an_answer(turn: Turn) -> bool:
    return turn.intent in ANSWERING or len(turn.text.split()) <= SHORT_WORDS


def says_unknown(turn: Turn) -> bool:
    """Whether the message is one of the ways to say "I don't know" or "skip"."""
    said = _plain(turn.text)
    for language in {turn.language, turn.spoken or turn.language, FALLBACK}:
        phrases = texts(language).words.get("dont_know", "")
        if said and said in {_plain(phrase) for phrase in phrases.split("|")}:
            return True
    return False


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text.casefold()).split())


def _choice(fact: str, turn: Turn) -> str | None:
    if fact == "host_country":
        return turn.host_named or None
    if fact == "status":
        return turn.entity("status") or None
    named = turn.entity("place")
    if fact == "canton":
        return canton_code(named)
    if fact == "land":
        return land_code(named)
    if fact == "place":
        # A canton or a town of one was named: the person lives in a canton.
        return "canton" if canton_code(named) else None
    return None


def _count(fact: str, turn: Turn) -> str | None:
    numbers = [int(value) for value in turn.entities.get("number", ()) if value.isdecimal()]
    if not numbers:
        return None
    value = numbers[0]
    if fact.endswith("_months") and _speaks_of_years(turn):
        value *= 12
    limit = 30 if fact in ("adults", "minors") else 1200
    return str(value) if 0 <= value <= limit else None


def _speaks_of_years(turn: Turn) -> bool:
    said = set(_plain(turn.text).split())
    spoken = {turn.language, turn.spoken or turn.language, FALLBACK}
    return any(
        said & set(texts(language).words.get("year_words", "").split("|")) for language in spoken
    )


def _day(text: str) -> date | None:
    found = DAY.search(text)
    if found is None:
        return None
    year, month, day_ = (
        (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    )
    try:
        return date(int(year), int(month), int(day_))
    except ValueError:
        return None


def read_volunteered(turn: Turn) -> dict[str, str]:
    """Facts that a message gives without being asked ("I am Afghan and have an F permit")."""
    facts: dict[str, str] = {}
    if turn.host_named:
        facts["host_country"] = turn.host_named
    if turn.entity("status"):
        facts["status"] = turn.entity("status")
    if turn.countries_abroad:
        facts["nationality"] = turn.countries_abroad[0]
    named = turn.entity("place")
    canton, land = canton_code(named), land_code(named)
    if canton and (turn.host or facts.get("host_country")) != "DE":
        facts["canton"] = canton
    elif land and (turn.host or facts.get("host_country")) != "CH":
        facts["land"] = land
    return facts


def noted(language: str, facts: Mapping[str, str]) -> str:
    """Facts in words: "nationality: Afghanistan, permit: F"."""
    return join(
        language,
        [
            f"{word(language, f'fact.{name}')}: {in_words(language, name, value)}"
            for name, value in facts.items()
        ],
    )


def in_words(language: str, fact: str, value: str) -> str:
    """One value of a fact in words."""
    if value == UNKNOWN:
        return word(language, "fact_value.unknown")
    spec = FACTS[fact]
    if spec.kind == "country":
        return country_name(value, language)
    if spec.kind == "flag":
        return word(language, "fact_value.yes" if value == "true" else "fact_value.no")
    if spec.kind == "day":
        return day(date.fromisoformat(value), language)
    if fact == "host_country":
        return word(language, f"host.{value}")
    if fact in ("status", "place"):
        return word(language, f"{fact}.{value}")
    return value
