"""What the person told about their situation, in words of the counsellor's language."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from desk.models import InformationRequest
from programmes import FACTS
from wegweiser.texts import word
from wegweiser.wording import country_name, day

LABELS: dict[str, Promise] = {
    "host_country": gettext_lazy("Country of residence"),
    "status": gettext_lazy("Permit or situation"),
    "place": gettext_lazy("Lives in"),
    "nationality": gettext_lazy("Nationality"),
    "destination": gettext_lazy("Destination"),
    "destination_right_to_stay_months": gettext_lazy("Months allowed to stay at the destination"),
    "received_before": gettext_lazy("Return support received before"),
    "stay_months": gettext_lazy("Months in the country"),
    "tolerated_months": gettext_lazy("Months with a Duldung"),
    "adults": gettext_lazy("Adults who would go"),
    "minors": gettext_lazy("Children who would go"),
    "unaccompanied_minor": gettext_lazy("Under age and without parents"),
    "medical_need": gettext_lazy("Needs medical help"),
    "special_need": gettext_lazy("A new start is especially difficult"),
    "dublin": gettext_lazy("Another European country is responsible (Dublin)"),
    "canton": gettext_lazy("Canton"),
    "land": gettext_lazy("Land (Germany)"),
    "departure_on": gettext_lazy("Day of departure"),
    "refused_on": gettext_lazy("Day of the refusal"),
    "has_means": gettext_lazy("Has money or property"),
    "excluded_conduct": gettext_lazy("Other points that the authority looks at"),
    "trafficking_victim": gettext_lazy("To be discussed only in private"),
}
"""The chat asks with "your ..."; a counsellor reads about somebody else."""


def told_facts(request: InformationRequest, language: str) -> list[tuple[str, str]]:
    """(what, value) of each fact that the person agreed to pass on."""
    told = request.facts if isinstance(request.facts, dict) else {}
    return [
        (str(LABELS[name]), _value(name, str(value), language))
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
