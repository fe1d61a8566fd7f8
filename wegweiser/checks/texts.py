"""The text files against the domain, the English file and the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML

from wegweiser.figures import figures
from wegweiser.settings import ROOT
from wegweiser.texts import FALLBACK, PLACEHOLDER, LanguageTexts, languages, skeleton, texts

DOMAIN = ROOT / "domain.yml"
BUTTON_LENGTH = 24
COMMAND_LENGTH = 60
MESSAGE_LENGTH = 480
"""Characters of one message without its figures; voice aims at 350, German needs more room."""
DIVIDER = re.compile(r"\n\s*---\s*\n")
# What an action or the desk fills in; all other placeholders are figures.
FILLED_IN = {
    "utter_welcome": {"operator"},
    "utter_ask_privacy": {"operator", "retention_days"},
    "utter_ask_organisation": {"operator"},
    "utter_are_you_human": {"operator"},
    "utter_offer_language": {"language"},
    "utter_noted": {"facts"},
    "utter_offices": {"offices"},
    "utter_location_offices": {"offices"},
    "utter_file_refused": {"size", "count"},
    "utter_file_with_request": {"reference"},
    "utter_steps": {"steps"},
    "utter_host_country_set": {"country"},
    "utter_other_host_country": {"country"},
    "utter_check_still_true": {"facts"},
    "utter_check_likely": {"programmes"},
    "utter_check_depends": {"programmes"},
    "utter_check_unlikely": {"programmes"},
    "utter_check_end": {"facts"},
    "utter_why": {"programme", "verdict", "reasons"},
    "utter_why_more": {"remarks"},
    "utter_what_if": {"facts", "changes"},
    "utter_what_if_same": {"facts"},
    "utter_archive_answer": {"answer", "date"},
    "utter_archive_answer_other": {"answer", "date", "language"},
    "utter_request_ask_confirmed": {"summary"},
    "utter_request_sent": {"reference", "date"},
    "utter_request_late": {"reference", "date"},
    "utter_request_new_date": {"reference", "date"},
    "utter_request_not_yours": {"reference"},
    "utter_request_ask_withdraw": {"reference"},
    "utter_request_withdrawn": {"reference"},
    "utter_request_answer": {"reference", "text"},
    "utter_rating_ask": {"reference"},
    "utter_rated_not": {"reference"},
    "utter_rating_word": {"reference"},
    "utter_addition_ask": {"reference"},
    "utter_addition_sent": {"reference"},
    "utter_counsellor_to_team": {"before"},
    "utter_counsellor_to_team_closed": {"when"},
    "utter_counsellor_summary": {"summary"},
    "utter_human_waiting_open": {"before"},
    "utter_human_waiting_closed": {"when"},
    "utter_erased": {"messages", "requests"},
}
FILLED_IN_BY_PREFIX = {
    "utter_request_state_": {"reference", "date"},
    "utter_declined_": {"reference"},
}
NAMES_WITH_DIGITS = re.compile(r"§§? ?[0-9]+(?:[–-][0-9]+)?|REAG/GARP 2\.0|Covid-19")


@lru_cache(maxsize=1)
def domain() -> dict[str, Any]:
    """``domain.yml``, parsed."""
    loaded: dict[str, Any] = YAML(typ="safe").load(DOMAIN.read_text("utf-8"))
    return loaded


def check_texts() -> list[str]:
    """All problems in ``content/answers``."""
    found = []
    model = texts(FALLBACK)
    for language in languages():
        own = texts(language.code)
        file = f"content/answers/{language.code}.yml"
        found += [f"{file}: {problem}" for problem in _language(own, model)]
    return found


def _language(own: LanguageTexts, model: LanguageTexts) -> Iterator[str]:
    yield from _same_keys("responses", set(own.responses), set(skeleton()), "content/skeleton.yml")
    for section in ("buttons", "words", "chat"):
        yield from _same_keys(
            section, set(getattr(own, section)), set(getattr(model, section)), "en.yml"
        )
    yield from _buttons(own)
    for key in own.responses:
        yield from _response(key, own, model)
    for key in sorted(own.reviewed - set(own.responses)):
        yield f"reviewed: {key} is no response. Take it off the list."


def _same_keys(section: str, own: set[str], wanted: set[str], where: str) -> Iterator[str]:
    for key in sorted(wanted - own):
        # Reasons and titles may be more in one language than another; English has to have all.
        yield f"{section}.{key}: missing; it is in {where}. Write it."
    for key in sorted(own - wanted):
        yield f"{section}.{key}: unknown; it is not in {where}. Take it out or mend its name."


def _buttons(own: LanguageTexts) -> Iterator[str]:
    for buttons in skeleton().values():
        for button in buttons:
            if button["title"] not in own.buttons:
                yield f"buttons.{button['title']}: missing; content/skeleton.yml uses it. Write it."
    for key, text in own.buttons.items():
        limit = COMMAND_LENGTH if key.startswith("command_") else BUTTON_LENGTH
        if len(text) > limit:
            yield f"buttons.{key}: {len(text)} characters ({text!r}). Use at most {limit}."


def _response(key: str, own: LanguageTexts, model: LanguageTexts) -> Iterator[str]:
    conditions = [str(one.get("condition")) for one in own.responses[key]]
    wanted = {str(one.get("condition")) for one in model.responses.get(key, ())}
    if wanted and set(conditions) != wanted:
        yield f"responses.{key}: its conditions differ from en.yml. Use the same ones."
    known = set(figures(own.language))
    for variation in own.responses[key]:
        text = variation["text"]
        used = set(PLACEHOLDER.findall(text))
        allowed = filled_in(key)
        for name in sorted(used - allowed - known):
            yield (
                f"responses.{key}: {{{name}}} has no value. "
                "Use a figure of content/programmes or content/emergency.yml."
            )
        bare = NAMES_WITH_DIGITS.sub("", PLACEHOLDER.sub("", text))
        if re.search(r"\d", bare):
            yield f"responses.{key}: a number is typed into the text. Use a placeholder."
        if re.search(r"https?://|www\.|@", bare):
            yield f"responses.{key}: an address is typed into the text. Use a placeholder."
        for message in DIVIDER.split(text):
            if len(PLACEHOLDER.sub("", message)) > MESSAGE_LENGTH:
                yield (
                    f"responses.{key}: a message of {len(message)} characters. "
                    f"Use at most {MESSAGE_LENGTH}, or divide it with a line ---."
                )
    yield from _same_figures(key, own, model)


def _same_figures(key: str, own: LanguageTexts, model: LanguageTexts) -> Iterator[str]:
    def by_condition(one: LanguageTexts) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for variation in one.responses.get(key, ()):
            names = found.setdefault(str(variation.get("condition")), set())
            names.update(PLACEHOLDER.findall(variation["text"]))
        return found

    mine, theirs = by_condition(own), by_condition(model)
    for condition, names in theirs.items():
        lost = names - mine.get(condition, names)
        if lost:
            yield f"responses.{key}: lacks {', '.join(sorted(lost))}, which en.yml states. Add it."


def filled_in(key: str) -> set[str]:
    """The placeholders that an action or the desk fills in a response."""
    by_prefix = (names for start, names in FILLED_IN_BY_PREFIX.items() if key.startswith(start))
    return FILLED_IN.get(key) or next(by_prefix, set())
