"""What in a text looks like personal data: numbers, addresses, dates of birth, names.

A simple scan for a warning before a text leaves the desk: it finds the usual ways of writing, not
everything, and it may mistake a price for a case number. A person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a passage looks like."""

    EMAIL = "email"
    PHONE = "phone"
    CASE_NUMBER = "case_number"
    DATE_OF_BIRTH = "date_of_birth"
    NAME = "name"


@dataclass(frozen=True)
class Finding:
    """A passage of a text, ``text[start:end]``."""

    kind: Kind
    start: int
    end: int
    passage: str


# Digits of any script count: \d knows Arabic and Persian ones.
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(
    r"(?<![\w.,])(?:(?:\+|00)\d{1,3}[\s./-]?(?:\(0\)\s?)?)?\(?\d{2,4}\)?(?:[\s./-]?\d{2,4}){2,4}(?![\w])"
)
# Switzerland: N 123 456, ZEMIS 01234567.8, AHV 756.…; Germany: AZR, file numbers 1234567-423.
CASE_NUMBER = re.compile(
    r"\bN[\s-]?\d{3}[\s.']?\d{3}\b|\b0?\d{8}[./]\d\b|\b756[.\s]?\d{4}[.\s]?\d{4}[.\s]?\d{2}\b"
    r"|\b\d{7,8}-\d{3}\b|\b\d{12}\b|(?:ZEMIS|AZR|SYMIC)\D{0,12}\d[\d.\s-]{4,}",
    re.IGNORECASE,
)
DATE = r"\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:19|20)?\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}"
LONE_DATE = re.compile(rf"(?<!\d)(?:{DATE})(?!\d)")
# "born on" and its like, in sixteen languages; a date nearby is one of birth.
BORN = re.compile(
    r"\b(?:born|birth|dob|geboren|geburt|geb\.|née?|naissance|nat[oa]|nascita|doğum|doğdum"
    r"|рожден|родил|народжен|народив|lindur|lindj|rođen|rodjen|рођен|jidayik|dhashay|dhalasho"
    r"|ولد|مولود|مواليد|ميلاد|متولد|تولد|زېږ|დაბად|ተወሊድ|ልደት|ዕለት\s*ልደት)",
    re.IGNORECASE,
)
NEAR_BIRTH = 40
"""Characters between the word and the date."""

LATIN = r"[^\W\d_][\w'’-]*"
UPPER = r"[A-ZÀ-ÖØ-ÝĀ-ŽЀ-Я][\w'’-]*"
_ANY_SCRIPT = re.compile(
    # How people introduce themselves, then one to three words.
    r"(?:"
    r"\bmy name is|\bmein name ist|\bich heiße|\bich heisse|\bje m['’]appelle|\bmon nom est"
    r"|\bmi chiamo|\bil mio nome è|\b(?:benim )?ad[ıi]m|\bменя зовут|\bмо[её] имя"
    r"|\bмене звати|\bмо[єе] ім['’ʼ]я|\b(?:unë )?quhem|\bemri im është|\bzovem se|\bмоје име је"
    r"|\bmoje ime je|\bзовем се|მქვია|ჩემი სახელია|\bnavê min|\bmagacaygu waa"
    r"|\bmagacaygu|\bmagacayga waa|اسمي|إسمي|نام من|اسم من|اسم مې|زما نوم|نوم مې|ስመይ|ሽመይ"
    r")\s*[:：]?\s+"
    rf"(?P<name>{LATIN}(?:\s+{LATIN}){{0,2}})",
    re.IGNORECASE,
)
# "I am Amina Haidari": two words with capitals, so that "I am from Kabul" is none.
_I_AM = re.compile(
    rf"\b(?:I am|I'm|Ich bin|Je suis|Sono|Ja sam|Unë jam|Ben|Я|Ez)\s+(?P<name>{UPPER}\s+{UPPER})"
)
_NOT_NAMES = {"not", "nicht", "pas", "non", "is", "ist"}


def find(text: str) -> list[Finding]:
    """Passages that look like personal data, in the order of the text, none inside another."""
    found: list[Finding] = []
    of_each_kind = (_emails, _births, _case_numbers, _phones, _names)
    for one in (finding for scan in of_each_kind for finding in scan(text)):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _finding(kind: Kind, match: re.Match[str], group: str | int = 0) -> Finding:
    return Finding(kind, match.start(group), match.end(group), match[group].strip())


def _emails(text: str) -> Iterator[Finding]:
    return (_finding(Kind.EMAIL, match) for match in EMAIL.finditer(text))


def _births(text: str) -> Iterator[Finding]:
    for match in LONE_DATE.finditer(text):
        before = text[max(0, match.start() - NEAR_BIRTH) : match.start()]
        after = text[match.end() : match.end() + NEAR_BIRTH]
        if BORN.search(before) or BORN.search(after):
            yield _finding(Kind.DATE_OF_BIRTH, match)


def _case_numbers(text: str) -> Iterator[Finding]:
    return (_finding(Kind.CASE_NUMBER, match) for match in CASE_NUMBER.finditer(text))


def _phones(text: str) -> Iterator[Finding]:
    for match in PHONE.finditer(text):
        digits = sum(sign.isdigit() for sign in match[0])
        # Shorter is a price or a year; a date is not a phone.
        if 9 <= digits <= 17 and not LONE_DATE.search(match[0]):
            yield _finding(Kind.PHONE, match)


def _names(text: str) -> Iterator[Finding]:
    for pattern in (_ANY_SCRIPT, _I_AM):
        for match in pattern.finditer(text):
            if match["name"].split()[0].casefold() not in _NOT_NAMES:
                yield _finding(Kind.NAME, match, "name")
