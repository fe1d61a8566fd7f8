"""Codes as words, in the language of the counsellor."""

from __future__ import annotations

from babel import Locale
from django.utils.translation import get_language, gettext, gettext_noop

from desk.models import Counsellor
from wegweiser.texts import all_languages

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
    if known is not None:
        return gettext(known)
    return code.removeprefix("ask_").replace("_", " ").capitalize()


def country_name(code: str) -> str:
    """A country's name from CLDR; the code itself where CLDR has none."""
    if not code:
        return ""
    locale = Locale.parse((get_language() or "en").partition("-")[0])
    return str(locale.territories.get(code, code))


def language_name(code: str) -> str:
    """A language's name from CLDR; its own name where CLDR has none."""
    if not code:
        return ""
    locale = Locale.parse((get_language() or "en").partition("-")[0])
    own = {language.code: language.name for language in all_languages()}.get(code, "")
    return str(locale.languages.get(code, own or code))


def writes_rtl(code: str) -> bool | None:
    """Whether a language is written right to left; None for one that is not ours."""
    return {language.code: language.rtl for language in all_languages()}.get(code)


def colleague_name(counsellor: Counsellor | None) -> str:
    """How a counsellor is called at the desk."""
    if counsellor is None:
        return ""
    return counsellor.get_full_name() or counsellor.get_username()
