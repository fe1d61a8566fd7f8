"""The verdicts of the rules base in words: likely, depends, not - each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from actions.rules import catalogue
from actions.turn import Turn, Voice
from programmes import NEVER_ASKED, Assessment, Facts, Programme, assess
from programmes.benefits import Payment
from wegweiser.texts import fill, texts, word
from wegweiser.wording import as_of, join, money

SHOWN_AGAINST = 4
"""Programmes that do not fit and are named with their reason; more would hide what does fit."""


def say_verdicts(turn: Turn, voice: Voice, facts: Mapping[str, object]) -> None:
    """Say what may fit the person, most useful first; programmes that have ended stay silent."""
    found = assess(catalogue(), Facts.read(facts), turn.today)
    here = [one for one in found if one.id.startswith(turn.host.lower()) and not _silent(one)]
    here.sort(key=lambda one: all(paid.up_to is None for paid in one.benefits))  # money first
    likely = [one for one in here if one.verdict == "yes"]
    open_ = [one for one in here if one.verdict == "unknown"]
    against = [one for one in here if one.verdict == "no"]
    language = voice.language
    if likely:
        voice.say("utter_check_likely", programmes=_lines(_likely(one, language) for one in likely))
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


def _likely(one: Assessment, language: str) -> str:
    programme = catalogue().get(one.id)
    return fill(
        word(language, "check_line_likely"),
        {
            "programme": name_of(programme, language),
            "benefits": benefits(one.benefits, language),
            "as_of": oldest(one.benefits, programme, language),
            "source": programme.decides,
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
    reasons = dict.fromkeys(reason_in_words(reason.rule, language) for reason in one.deciding)
    return fill(
        word(language, "check_line_unlikely"),
        {"programme": name_of(programme, language), "reason": next(iter(reasons))},
    )


def reason_in_words(rule: str, language: str) -> str:
    """Why a rule speaks against a programme, as a clause in the language."""
    words = texts(language).words
    return words.get(f"reason_no.{rule}") or word(language, "reason_no.other")


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


def oldest(payments: Iterable[Payment], programme: Programme, language: str) -> str:
    """The date of the oldest source that a programme's line rests on."""
    dates = [paid.sourced.source.as_of for paid in payments if paid.up_to is not None]
    return as_of(min(dates, default=programme.sourced.source.as_of), language)


def name_of(programme: Programme, language: str) -> str:
    """A programme's name; in a language it has no name in, the one of its country."""
    return programme.names.get(language) or programme.names["en"]


def short_name(programme: Programme, language: str) -> str:
    """A programme's abbreviation, for a button below a text that explains it; else its name."""
    name = name_of(programme, language)
    abbreviation = re.search(r"\(([A-Z]{2,})\)", name)
    return abbreviation[1] if abbreviation else name
