"""The verdicts of the rules base in words: likely, depends, not - each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from actions.turn import Turn, Voice
from programmes import NEVER_ASKED, Assessment, Facts, Programme, assess
from programmes.benefits import Payment
from programmes.judging import Reason, Verdict
from wegweiser.rulebase import catalogue
from wegweiser.texts import fill, texts, word
from wegweiser.wording import as_of, join, money, number

MOST_REASONS = 4
_AUTHORITY = re.compile(r"[A-Z]{3,}\b")
SHOWN_AGAINST = 4
"""Programmes that do not fit and are named with their reason; more would hide what does fit."""


def here(turn: Turn, facts: Mapping[str, object]) -> list[Assessment]:
    """What the rules base says on the host country's programmes, most useful first."""
    found = assess(catalogue(), Facts.read(facts), turn.today)
    shown = [one for one in found if one.id.startswith(turn.host.lower()) and not _silent(one)]
    shown.sort(key=lambda one: all(paid.up_to is None for paid in one.benefits))  # money first
    return shown


def say_verdicts(turn: Turn, voice: Voice, facts: Mapping[str, object]) -> None:
    """Say what may fit the person, most useful first; programmes that have ended stay silent."""
    found = here(turn, facts)
    likely = [one for one in found if one.verdict == "yes"]
    open_ = [one for one in found if one.verdict == "unknown"]
    against = [one for one in found if one.verdict == "no"]
    language = voice.language
    if likely:
        lines = _lines(_likely(one, language, turn.today) for one in likely)
        voice.say("utter_check_likely", programmes=lines)
    if open_:
        voice.say("utter_check_depends", programmes=_lines(_open(one, language) for one in open_))
    if not likely and not open_:
        voice.say("utter_check_none")
    if against:
        lines = _lines(_against(one, language) for one in against[:SHOWN_AGAINST])
        voice.say("utter_check_unlikely", programmes=lines)


def _silent(one: Assessment) -> bool:
    """Ended programmes, and those whose mention would say something about the person.

    Somebody may be looking on: what hangs only on a fact that is never asked is not listed.
    """
    private = bool(one.missing) and set(one.missing) <= NEVER_ASKED
    return one.state == "ended" or (one.verdict == "unknown" and private)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _likely(one: Assessment, language: str, today: date) -> str:
    programme = catalogue().get(one.id)
    return fill(
        word(language, "check_line_likely"),
        {
            "programme": name_of(programme, language),
            "benefits": benefits(one.benefits, language),
            "as_of": oldest(one.benefits, programme, language, today),
            "source": programme.decides,
            "reason": reasons_for(one, language, most=1)
            or word(language, "reason_yes.host_country"),
        },
    )


def _open(one: Assessment, language: str) -> str:
    programme = catalogue().get(one.id)
    missing = [word(language, f"fact.{name}") for name in one.missing]
    return fill(
        word(language, "check_line_depends"),
        {
            "programme": name_of(programme, language),
            "missing": join(language, missing) or word(language, "reason_unknown.other"),
            "benefits": benefits(one.benefits, language),
        },
    )


def _against(one: Assessment, language: str) -> str:
    programme = catalogue().get(one.id)
    return fill(
        word(language, "check_line_unlikely"),
        {"programme": name_of(programme, language), "reason": reasons_for(one, language, most=1)},
    )


def reasons_for(one: Assessment, language: str, most: int = MOST_REASONS) -> str:
    """Why a programme fits or does not, as clauses: "your asylum application is still open"."""
    clauses = dict.fromkeys(
        clause for reason in one.deciding if (clause := _clause(reason, one.verdict, language))
    )
    # That somebody lives in Switzerland tells nothing in a list of Switzerland's programmes.
    telling = [one for one in clauses if one != word(language, "reason_yes.host_country")]
    if one.verdict == "no" and not telling:
        telling = [word(language, "reason_no.other")]
    return join(language, telling[:most])


def _clause(reason: Reason, verdict: Verdict, language: str) -> str:
    words = texts(language).words
    status = reason.because.get("status")
    if verdict == "yes" and status:
        return words.get(f"reason_status.{status}", "")
    return words.get(f"reason_{verdict}.{reason.rule}", "")


def with_reasons(one: Assessment, language: str, today: date) -> str:
    """One programme in full: because, what is open, the money in its parts, who decides, source."""
    programme = catalogue().get(one.id)
    lines = []
    reasons = reasons_for(one, language)
    if reasons and one.verdict != "unknown":
        lines.append(fill(word(language, "because"), {"reason": reasons}))
    missing = [word(language, f"fact.{name}") for name in (*one.missing, *one.missing_for_amounts)]
    if one.verdict == "unknown" and not one.missing:
        missing.insert(0, word(language, "reason_unknown.other"))
    if missing:
        lines.append(fill(word(language, "needs"), {"missing": join(language, missing)}))
    for paid in one.benefits:
        lines.append(f"• {benefits([paid], language)}")
        lines += [f"   {line}" for line in _in_parts(paid, language)]
    lines.append(_who_decides(programme, one.benefits, language))
    lines.append(source_of(one, language, today))
    return "\n".join(filter(None, lines))


def source_of(one: Assessment, language: str, today: date) -> str:
    """As of when, and whose information: the line that every amount ends with."""
    programme = catalogue().get(one.id)
    date_ = oldest(one.benefits, programme, language, today)
    return fill(word(language, "as_of"), {"date": date_, "source": _cited(one.benefits, programme)})


def _who_decides(programme: Programme, payments: Iterable[Payment], language: str) -> str:
    """Whose decision it is; an authority by its abbreviation, the same in all languages."""
    authority = _AUTHORITY.match(programme.decides)
    if authority:
        return fill(word(language, "decides"), {"who": authority[0]})
    paid = any(payment.up_to is not None for payment in payments)
    return word(language, "remark.authority_decides") if paid else ""


def _in_parts(paid: Payment, language: str) -> Iterator[str]:
    """How a household's amount comes about: "adults: 2 × CHF 1,000 = CHF 2,000"."""
    counted = [part for part in paid.parts if part.count]
    for part in counted:
        each = part.each
        line = "part" if part.count and part.count > 1 else "part_of_one"
        yield fill(
            word(language, line),
            {
                "who": word(language, f"who.{part.who}"),
                "count": number(part.count or 0, language),
                "each": money(each.amount, each.currency, language),
                "sum": money(each.amount * (part.count or 0), each.currency, language),
            },
        )
    total = sum(part.each.amount * (part.count or 0) for part in counted)
    if paid.cap and total > paid.cap.amount:
        cap = money(paid.cap.amount, paid.cap.currency, language)
        yield fill(word(language, "part_cap"), {"cap": cap})


def remarks_on(one: Assessment, language: str) -> str:
    """What is good to know about a programme in this situation, a line each."""
    words = texts(language).words
    said = [
        words.get(f"remark.{reason.rule}", "")
        for reason in one.reasons
        if reason.weight == "remark" and reason.verdict != "no"
    ]
    return "\n".join(f"• {line}" for line in dict.fromkeys(filter(None, said)))


def benefits(payments: Iterable[Payment], language: str) -> str:
    """What a programme could pay at most: "start money up to CHF 1,500, the journey"."""
    said = []
    for paid in payments:
        what = word(language, f"benefit.{paid.kind}")
        if paid.up_to is None:
            said.append(what)
            continue
        sum_ = money(paid.up_to.amount, paid.up_to.currency, language)
        scope = "up_to_person" if paid.scope == "person" else "up_to_household"
        said.append(f"{what}: {fill(word(language, scope), {'amount': sum_})}")
    return "; ".join(dict.fromkeys(said)) or word(language, "benefit.counselling")


def oldest(payments: Iterable[Payment], programme: Programme, language: str, today: date) -> str:
    """The date of the oldest source that a programme's line rests on, and whether it is stale."""
    rests_on = [paid.sourced for paid in payments if paid.up_to is not None] or [programme.sourced]
    date_ = as_of(min(one.source.as_of for one in rests_on), language)
    if any(today > one.review_by for one in rests_on):
        return fill(word(language, "not_checked_since"), {"date": date_})
    return date_


def _cited(payments: Iterable[Payment], programme: Programme) -> str:
    cited = [paid.sourced.source.cite for paid in payments if paid.up_to is not None]
    return "; ".join(dict.fromkeys(cited)) or programme.sourced.source.cite


def name_of(programme: Programme, language: str) -> str:
    """A programme's name; in a language it has no name in, the one of its country."""
    return programme.names.get(language) or programme.names["en"]


def short_name(programme: Programme, language: str) -> str:
    """A programme's abbreviation, for a button below a text that explains it; else its name."""
    name = name_of(programme, language)
    abbreviation = re.search(r"\(([A-Z]{2,})\)", name)
    return abbreviation[1] if abbreviation else name
