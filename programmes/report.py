"""An answer as JSON and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from programmes.benefits import Part, Payment
from programmes.catalogue import Catalogue
from programmes.evaluate import Assessment, assess
from programmes.facts import Facts
from programmes.judging import Reason
from programmes.model import Money, Sourced


def check(catalogue: Catalogue, facts: Mapping[str, object], on: date) -> dict[str, Any]:
    """All programmes for one household on one day, as JSON-able values.

    `facts` are plain values under the names of :data:`programmes.FACTS`; days may be text. The
    shape is `{"on": ..., "programmes": [{"id", "state", "verdict", "reasons", "missing",
    "benefits"}]}`; `benefits` is there only where the verdict is not "no".

    Raises:
        FactError: facts that cannot be read, all problems at once.
    """
    assessments = assess(catalogue, Facts.read(facts), on)
    return {
        "on": on.isoformat(),
        "programmes": [_assessment(assessment, on) for assessment in assessments],
    }


def _assessment(assessment: Assessment, on: date) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": assessment.id,
        "state": assessment.state,
        "verdict": assessment.verdict,
        "reasons": [_reason(reason, on) for reason in assessment.reasons],
        "missing": list(assessment.missing),
    }
    if assessment.verdict != "no":
        found["benefits"] = [_payment(paid, on) for paid in assessment.benefits]
    return found


def _reason(reason: Reason, on: date) -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "verdict": reason.verdict,
        "because": {name: _plain(value) for name, value in reason.because.items()},
        "weight": reason.weight,
        **_from(reason.sourced, on),
    }


def _payment(paid: Payment, on: date) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": paid.kind,
        "up_to": _money(paid.up_to),
        "for": paid.scope,
        "parts": [_part(part) for part in paid.parts],
        **_from(paid.sourced, on),
    }
    if paid.cap:
        found["cap"] = _money(paid.cap)
    return found


def _from(sourced: Sourced, on: date) -> dict[str, str]:
    source = sourced.source
    found = {"source": source.cite, "as_of": source.as_of, "confidence": sourced.confidence}
    if on > sourced.review_by:
        found["not_checked_since"] = source.as_of
    return found


def _part(part: Part) -> dict[str, Any]:
    total = None if part.count is None else part.each.amount * part.count
    up_to = None if total is None else Money(total, part.each.currency)
    return {
        "for": part.who,
        "count": part.count,
        "each": _money(part.each),
        "up_to": _money(up_to),
    }


def _money(money: Money | None) -> dict[str, Any] | None:
    return None if money is None else {"amount": money.amount, "currency": money.currency}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def table(answer: Mapping[str, Any]) -> str:
    """The answer of :func:`check` as a table for a terminal."""
    lines = [f"{'programme':<24}{'state':<11}{'verdict':<9}up to / missing / against"]
    for entry in answer["programmes"]:
        head = f"{entry['id']:<24}{entry['state']:<11}{entry['verdict']:<9}"
        for number, detail in enumerate(_details(entry) or [""]):
            lines.append(((head if number == 0 else " " * 44) + detail).rstrip())
    return "\n".join(lines)


def _details(entry: Mapping[str, Any]) -> list[str]:
    details = [_benefit_line(paid) for paid in entry.get("benefits", ())]
    if entry["missing"]:
        details.insert(0, "needs: " + ", ".join(entry["missing"]))
    against = [
        reason["rule"]
        for reason in entry["reasons"]
        if reason["verdict"] == "no" and reason["weight"] != "remark"
    ]
    if entry["verdict"] == "no":
        details.insert(0, "against: " + ", ".join(against))
    return details


def _benefit_line(paid: Mapping[str, Any]) -> str:
    if paid["up_to"] is None:
        return f"{paid['kind']}: no amount ({paid['as_of']})"
    each = " a person" if paid["for"] == "person" else ""
    money = f"{paid['up_to']['currency']} {paid['up_to']['amount']:,}"
    sure = "" if paid["confidence"] == "S" else f", {paid['confidence']}: ask"
    return f"{paid['kind']}: up to {money}{each} ({paid['as_of']}{sure})"
