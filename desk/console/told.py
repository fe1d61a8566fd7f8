"""What the person told about their situation, in words of the counsellor's language."""

from __future__ import annotations

from datetime import date

from desk.models import InformationRequest
from programmes import FACTS
from wegweiser.texts import word
from wegweiser.wording import country_name, day


def told_facts(request: InformationRequest, language: str) -> list[tuple[str, str]]:
    """(what, value) of each fact that the person agreed to pass on; the chat's own words."""
    told = request.facts if isinstance(request.facts, dict) else {}
    return [
        (word(language, f"fact.{name}"), _value(name, str(value), language))
        for name, value in told.items()
        if name in FACTS
    ]


def _value(name: str, value: str, language: str) -> str:
    kind = FACTS[name].kind
    if kind == "country":
        return country_name(value, language)
    if kind == "flag":
        return word(language, "fact_value.yes" if value == "true" else "fact_value.no")
    if kind == "day":
        return day(date.fromisoformat(value), language)
    return word(language, f"{name}.{value}") if name in ("status", "place") else value
