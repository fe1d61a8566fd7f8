"""Codes as words, in the language of the counsellor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from babel import Locale
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_noop

from desk.models import Counsellor
from programmes.codes import COUNTRIES
from wegweiser.folding import fold
from wegweiser.texts import all_languages, texts

T = TypeVar("T")

TOPICS = {
    "medical": gettext_noop("Medical"),
    "housing": gettext_noop("Housing"),
    "work": gettext_noop("Work"),
    "education": gettext_noop("Education"),
    "social": gettext_noop("Social support"),
    "family": gettext_noop("Family"),
    "business": gettext_noop("Business"),
    "documents": gettext_noop("Documents"),
    "transport": gettext_noop("Transport"),
    "other": gettext_noop("Other"),
}


def topic_name(code: str) -> str:
    """A topic of a request, or the intent that a conversation was last about."""
    known = TOPICS.get(code)
    return gettext(known) if known is not None else intent_name(code)


def intent_name(code: str) -> str:
    """What somebody asked the assistant: as its own button says it, without the picture."""
    found = texts(_language()).buttons.get(f"topic_of_{code}", "")
    said = found.lstrip("".join(sign for sign in found if not sign.isalnum()))
    return said or code.removeprefix("ask_").replace("_", " ").capitalize()


def country_name(code: str) -> str:
    """A country's name from CLDR; the code itself where CLDR has none."""
    return _country_name(_language(), code) if code else ""


def _language() -> str:
    """The language of whoever looks."""
    return (get_language() or "en").partition("-")[0]


# A list has hundreds of names, and CLDR's answer takes a tenth of a millisecond each time.
@lru_cache(maxsize=4_096)
def _country_name(language: str, code: str) -> str:
    return str(Locale.parse(language).territories.get(code, code))


def country_names() -> dict[str, str]:
    """Every country with its name, sorted by name."""
    return _country_names(_language())


@lru_cache(maxsize=8)
def _country_names(language: str) -> dict[str, str]:
    named = Locale.parse(language).territories
    return dict(sorted(((code, str(named.get(code, code))) for code in COUNTRIES), key=_by_name))


def _by_name(item: tuple[str, str]) -> str:
    return fold(item[1])


def topic_names() -> dict[str, str]:
    """Every topic of a request with its name."""
    return {code: gettext(name) for code, name in TOPICS.items()}


def language_name(code: str) -> str:
    """A language's name from CLDR; its own name where CLDR has none."""
    return _language_name(_language(), code) if code else ""


@lru_cache(maxsize=1_024)
def _language_name(language: str, code: str) -> str:
    own = {one.code: one.name for one in all_languages()}.get(code, "")
    return str(Locale.parse(language).languages.get(code, own or code))


def writes_rtl(code: str) -> bool | None:
    """Whether a language is written right to left; None for one that is not ours."""
    return {language.code: language.rtl for language in all_languages()}.get(code)


def colleague_name(counsellor: Counsellor | None) -> str:
    """How a counsellor is called at the desk."""
    if counsellor is None:
        return ""
    return counsellor.get_full_name() or counsellor.get_username()


def short_date(day: date) -> str:
    """A day as it is written in a list."""
    return date_format(day, "SHORT_DATE_FORMAT")


class Words:
    """Codes as words, each asked for once: a page has hundreds of them, and few different ones."""

    def __init__(self) -> None:
        self._known: dict[tuple[Callable[[Any], str], object], str] = {}

    def __call__(self, name: Callable[[T], str], code: T) -> str:
        if (name, code) not in self._known:
            self._known[name, code] = name(code)
        return self._known[name, code]
