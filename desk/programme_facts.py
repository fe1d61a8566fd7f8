"""A programme's amounts as a text for an answer, in the person's language.

Nothing is typed: amounts, dates and sources come from the rules base, the words from the language
file, so an answer says what the assistant says: the most that the known facts allow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from programmes import FACTS, Assessment, Facts, Programme, assess
from programmes.benefits import Payment
from wegweiser.rulebase import catalogue
from wegweiser.texts import fill, word
from wegweiser.wording import as_of, money

AUTHORITY = re.compile(r"[A-Z]{3,}\b")


@dataclass(frozen=True)
class ProgrammeText:
    """What can be put into an answer."""

    text: str
    probably_not: bool
    """What the person told speaks against this programme; the amounts are then in general."""


def choices(host_country: str, language: str) -> list[tuple[str, str]]:
    """(id, name) of the programmes of a host country that have not ended."""
    today = date.today()
    return [
        (one.id, name_in(one, language))
        for one in catalogue()
        if one.host_country == host_country
        and (one.valid_until is None or one.valid_until >= today)
    ]


def name_in(programme: Programme, language: str) -> str:
    """A programme's name; in a language it has no name in, the English one."""
    return programme.names.get(language) or programme.names["en"]


def programme_text(
    programme_id: str, language: str, told: Mapping[str, str] | None = None
) -> ProgrammeText:
    """What a programme could give, who decides, as of when and whose information it is.

    ``told``: what the person told and agreed to pass on, ``{fact: value}`` as the chat keeps it.

    Raises:
        KeyError: there is no such programme.
    """
    programme = catalogue().get(programme_id)
    today = date.today()
    at_home = {"host_country": programme.host_country}
    found = _assessed(programme_id, {**_typed(told or {}), **at_home}, today)
    probably_not = found.verdict == "no"
    if probably_not:
        found = _assessed(programme_id, dict(at_home), today)
    lines = [name_in(programme, language), *(_line(paid, language) for paid in found.benefits)]
    lines.append(_who_decides(programme, found.benefits, language))
    lines.append(_source(programme, found.benefits, language, today))
    return ProgrammeText("\n".join(filter(None, lines)), probably_not)


def _assessed(programme_id: str, facts: dict[str, object], today: date) -> Assessment:
    found = assess(catalogue(), Facts.read(facts), today)
    return next(one for one in found if one.id == programme_id)


def _typed(told: Mapping[str, str]) -> dict[str, object]:
    """In the chat a fact is a short text; the rules base has types."""
    facts: dict[str, object] = {}
    for name, value in told.items():
        kind = FACTS[name].kind if name in FACTS else ""
        if kind == "flag":
            facts[name] = value == "true"
        elif kind == "count":
            facts[name] = int(value)
        elif kind:
            facts[name] = value
    return facts


def _line(paid: Payment, language: str) -> str:
    what = word(language, f"benefit.{paid.kind}")
    if paid.up_to is None:
        return f"• {what}"
    scope = "up_to_person" if paid.scope == "person" else "up_to_household"
    amount = money(paid.up_to.amount, paid.up_to.currency, language)
    return f"• {what}: {fill(word(language, scope), {'amount': amount})}"


def _who_decides(programme: Programme, payments: Sequence[Payment], language: str) -> str:
    authority = AUTHORITY.match(programme.decides)
    if authority:
        return fill(word(language, "decides"), {"who": authority[0]})
    has_amount = any(paid.up_to is not None for paid in payments)
    return word(language, "remark.authority_decides") if has_amount else ""


def _source(programme: Programme, payments: Sequence[Payment], language: str, today: date) -> str:
    rests_on = [paid.sourced for paid in payments if paid.up_to is not None]
    rests_on = rests_on or [programme.sourced]
    said = as_of(min(one.source.as_of for one in rests_on), language)
    if any(today > one.review_by for one in rests_on):
        said = fill(word(language, "not_checked_since"), {"date": said})
    cited = "; ".join(dict.fromkeys(one.source.cite for one in rests_on))
    return fill(word(language, "as_of"), {"date": said, "source": cited})
