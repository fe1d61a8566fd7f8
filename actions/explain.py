"""After a check: "Why?" with reasons, money in parts and sources; "What if ...?" with one change.

Both only look: nothing that the person told is changed. They are pressed (``answer`` of an
``ask_programme`` button) or typed after a check ("what if I go to Serbia?").
"""

from __future__ import annotations

from collections.abc import Mapping

from actions.choices import ASKED, choices
from actions.facts import known, noted, read_volunteered
from actions.turn import HOSTS, UNKNOWN, Turn, Voice, press
from actions.verdicts import (
    benefits,
    here,
    name_of,
    reasons_for,
    remarks_on,
    short_name,
    source_of,
    with_reasons,
)
from programmes import Assessment, Facts, assess
from wegweiser.rulebase import catalogue
from wegweiser.texts import fill, texts, word

WHY, WHAT_IF = "why", "what_if"
ABOUT_FACTS = ("inform", "check_eligibility", "nlu_fallback")
MOST_BUTTONS = 8
"""More would not fit a phone's screen."""


def wants_explanation(turn: Turn) -> bool:
    """Whether the message asks why, or what would be otherwise, after a check."""
    if turn.is_button:
        return turn.entity("answer") in (WHY, WHAT_IF)
    if turn.slot("topic") != "check_eligibility":
        return False
    # "What if I change my mind?" names nothing that a check knows: it is a question of its own.
    about_facts = turn.intent in ABOUT_FACTS or bool(_typed(turn))
    return _is_why(turn) or (about_facts and _begins(turn, WHAT_IF))


def look_for(turn: Turn, voice: Voice) -> None:
    """Answer a message that :func:`wants_explanation`."""
    if turn.host not in HOSTS:
        voice.say("utter_why_nothing")
    elif turn.entity("answer") == WHAT_IF or (not turn.is_button and _begins(turn, WHAT_IF)):
        _what_if(turn, voice)
    else:
        _why(turn, voice)


def _begins(turn: Turn, kind: str) -> bool:
    """Whether one of the phrases begins the message, or ends it where it is written "... so"."""
    said = _plain(turn.text)
    return any(
        said.endswith(phrase.strip(". ")) if phrase.startswith("...") else said.startswith(phrase)
        for phrase in _phrases(turn, kind)
    )


def _is_why(turn: Turn) -> bool:
    """The word alone: "Why did my brother get more?" is a question of its own."""
    return _plain(turn.text) in _phrases(turn, WHY)


def _phrases(turn: Turn, kind: str) -> set[str]:
    spoken = {turn.language, turn.spoken or turn.language}
    written = (one for language in spoken for one in word(language, kind).split("|"))
    return {phrase for one in written if (phrase := _small(one))}


def _plain(text: str) -> str:
    return _small(text).strip("?؟!.።፧ ")


def _small(text: str) -> str:
    # The Turkish capital dotted i leaves its dot behind.
    return " ".join(text.casefold().replace("\u0307", "").split())


def _why(turn: Turn, voice: Voice) -> None:
    found = here(turn, known(turn.slots))
    shown = [one for one in found if one.verdict != "no"] or list(found)
    named = turn.entity("programme")
    chosen = [one for one in found if one.id == named]
    if not chosen and len(shown) > 1:
        offered = sorted(found, key=lambda one: one.verdict == "no")[:MOST_BUTTONS]
        buttons = [_about(one, voice.language) for one in offered]
        voice.say("utter_why_choose", *buttons, voice.button("human", "request_human"))
        return
    one = (chosen or shown)[0]
    language = voice.language
    remarks = remarks_on(one, language)
    end = _ways_on(voice)
    voice.say(
        "utter_why",
        *(() if remarks else end),
        programme=name_of(catalogue().get(one.id), language),
        verdict=word(language, f"verdict.{one.verdict}"),
        reasons=with_reasons(one, language, turn.today),
    )
    if remarks:
        voice.say("utter_why_more", *end, remarks=remarks)


def _about(one: Assessment, language: str) -> dict[str, str]:
    title = short_name(catalogue().get(one.id), language)
    return press(title, "ask_programme", answer=WHY, programme=one.id)


def _ways_on(voice: Voice) -> list[dict[str, str]]:
    return [
        voice.button("what_if", "ask_programme", answer=WHAT_IF),
        voice.button("apply", "ask_application"),
        voice.button("human", "request_human"),
    ]


def _what_if(turn: Turn, voice: Voice) -> None:
    tried, value = turn.entity("question"), turn.entity("value")
    if turn.is_button and tried in ASKED and value:
        _compare(turn, voice, {tried: value})
    elif turn.is_button and tried in ASKED:
        offered = choices(tried, turn, voice.language)
        now = turn.slot(tried)
        buttons = [
            press(title, "ask_programme", answer=WHAT_IF, question=tried, value=one)
            for title, one in offered
            if one != now
        ]
        voice.say("utter_what_if_value", *buttons, voice.button("human", "request_human"))
    else:
        change = {} if turn.is_button else _typed(turn)
        if change:
            _compare(turn, voice, change)
        else:
            _offer(turn, voice)


def _typed(turn: Turn) -> dict[str, str]:
    """What a typed "what if" changes; a country is where to go, once the nationality is known."""
    change = read_volunteered(turn)
    change.pop("host_country", None)
    if "nationality" in change and turn.slot("nationality") not in ("", UNKNOWN):
        change["destination"] = change.pop("nationality")
    return change


def _offer(turn: Turn, voice: Voice) -> None:
    """A button for each fact that can be pressed otherwise; those that were told come first."""
    pressable = [
        fact
        for fact in ASKED
        if f"try_{fact}" in texts(voice.language).buttons and choices(fact, turn, voice.language)
    ]
    told = [fact for fact in pressable if turn.slot(fact)]
    matters = {name for one in here(turn, known(turn.slots)) for name in one.missing}
    offered = dict.fromkeys([*told, *(fact for fact in pressable if fact in matters), "status"])
    buttons = [
        voice.button(f"try_{fact}", "ask_programme", answer=WHAT_IF, question=fact)
        for fact in list(offered)[:MOST_BUTTONS]
    ]
    voice.say("utter_what_if_choose", *buttons, voice.button("human", "request_human"))


def _compare(turn: Turn, voice: Voice, change: Mapping[str, str]) -> None:
    """The check as it is and with one change, programme by programme."""
    language = voice.language
    facts = noted(language, change)
    slots = {**turn.slots, **change}
    if known(slots).get("adults") == 0 and known(slots).get("minors") == 0:
        _offer(turn, voice)
        return
    shown = [*here(turn, known(slots)), *here(turn, known(turn.slots))]
    now, then = (
        {one.id: one for one in assess(catalogue(), Facts.read(known(facts_)), turn.today)}
        for facts_ in (turn.slots, slots)
    )
    lines = []
    for name in dict.fromkeys(one.id for one in shown):
        before, after = _outcomes(now[name], then[name], language)
        if before != after:
            values = {
                "programme": name_of(catalogue().get(name), language),
                "before": before,
                "after": after,
            }
            lines.append(fill(word(language, "change_line"), values))
            paid = then[name] if then[name].benefits else now[name]
            if any(one.up_to is not None for one in paid.benefits):
                lines.append(f"   {source_of(paid, language, turn.today)}")
    if lines:
        voice.say("utter_what_if", facts=facts, changes="\n".join(lines))
    else:
        voice.say("utter_what_if_same", facts=facts)


def _outcomes(now: Assessment, then: Assessment, language: str) -> tuple[str, str]:
    """What is said of a programme before and after; the same words where nothing changes."""
    if now.verdict != then.verdict:
        return _outcome(now, language), _outcome(then, language)
    if now.verdict == "no":
        return "", ""  # that other reasons speak against it now changes nothing for the person
    return benefits(now.benefits, language), benefits(then.benefits, language)


def _outcome(one: Assessment, language: str) -> str:
    said = word(language, f"verdict.{one.verdict}")
    if one.verdict == "unknown":
        return said
    more = benefits(one.benefits, language) if one.verdict == "yes" else reasons_for(one, language)
    return f"{said} ({more})"
