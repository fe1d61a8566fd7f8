"""Money, dates, countries and lists in the words of a language, from CLDR (Babel)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit

# CLDR has no locale, or no data we need, for these: the nearest that readers know.
SWISS = ("de", "fr", "it")
STAND_INS = {"ti": "ti_ER", "ku": "ku", "sr": "sr_Latn"}


@lru_cache(maxsize=32)
def locale_of(language: str) -> Locale:
    """CLDR's locale of a language; English where CLDR has none."""
    try:
        return Locale.parse(STAND_INS.get(language, language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def country_name(code: str, language: str) -> str:
    """The name of a country (ISO 3166-1 alpha-2, XK) in a language."""
    names = locale_of(language).territories
    return str(names.get(code) or Locale.parse("en").territories.get(code, code))


def money(amount: int, currency: str, language: str) -> str:
    """An amount without cents: "CHF 1,000"; francs as they are written in Switzerland."""
    swiss = currency == "CHF" and language in SWISS
    locale = Locale(language, "CH") if swiss else locale_of(language)
    whole = format_currency(
        amount, currency, locale=locale, currency_digits=False, format="¤¤ #,##0"
    )
    # A number must not be torn from its currency at the end of a line.
    return whole.replace(" ", "\u00a0")


def number(value: int, language: str) -> str:
    """A whole number with the digits and separators of the language."""
    return format_decimal(value, locale=locale_of(language))


def day(value: date, language: str) -> str:
    """A day in words: "Tuesday, December 15, 2026"."""
    return format_date(value, format="full", locale=locale_of(language))


def moment(value: datetime, language: str) -> str:
    """A day and time: "Monday, November 23, 2026, 9:00 AM"; ``value`` is in local time."""
    hour = format_time(value, format="short", locale=locale_of(language), tzinfo=value.tzinfo)
    return f"{day(value.date(), language)}, {hour}"


def as_of(value: str, language: str) -> str:
    """A source's date as it is known: "2025", "July 2025" or the day."""
    parts = [int(part) for part in value.split("-")]
    locale = locale_of(language)
    if len(parts) == 1:
        return value
    if len(parts) == 2:
        return format_date(date(parts[0], parts[1], 1), format="LLLL y", locale=locale)
    return format_date(date(*parts), format="long", locale=locale)


def join(language: str, items: Sequence[str]) -> str:
    """Items as a list in words: "a, b and c"."""
    return format_list(list(items), locale=locale_of(language)) if items else ""


def months(value: int, language: str) -> str:
    """A number of months in words: "6 months"."""
    locale = locale_of(language)
    long = format_unit(value, "duration-month", length="long", locale=locale)
    # Where CLDR's long form is the same as its short one Babel gives the name of the unit instead.
    if "duration-month" not in long:
        return long
    return format_unit(value, "duration-month", length="short", locale=locale).replace("/", " ")
