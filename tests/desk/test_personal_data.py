"""What looks like personal data, in the ways in which people write it; and what does not."""

from __future__ import annotations

import pytest

from desk.personal_data import Kind, find


@pytest.mark.parametrize(
    ("text", "kind", "passage"),
    [
        ("Call me: +41 79 123 45 67, please", Kind.PHONE, "+41 79 123 45 67"),
        ("0049 (0)151/23456789", Kind.PHONE, "0049 (0)151/23456789"),
        ("my number 079 123 45 67", Kind.PHONE, "079 123 45 67"),
        ("شماره من ۰۷۹ ۱۲۳ ۴۵ ۶۷ است", Kind.PHONE, "۰۷۹ ۱۲۳ ۴۵ ۶۷"),
        ("write to amina.h@example.org.", Kind.EMAIL, "amina.h@example.org"),
        ("my number is N 123 456", Kind.CASE_NUMBER, "N 123 456"),
        ("ZEMIS-Nr. 012345678.9", Kind.CASE_NUMBER, "ZEMIS-Nr. 012345678.9"),
        ("Az. 7654321-423 beim BAMF", Kind.CASE_NUMBER, "7654321-423"),
        ("756.1234.5678.97", Kind.CASE_NUMBER, "756.1234.5678.97"),
        ("I was born on 3.5.1990 in Herat", Kind.DATE_OF_BIRTH, "3.5.1990"),
        ("Mein Sohn, geb. 12.01.2019, ist krank", Kind.DATE_OF_BIRTH, "12.01.2019"),
        ("من مواليد 1990-05-03", Kind.DATE_OF_BIRTH, "1990-05-03"),
        ("ዕለት ልደት 03/05/1990", Kind.DATE_OF_BIRTH, "03/05/1990"),
        ("I am Amina Haidari and I need insulin", Kind.NAME, "Amina Haidari"),
    ],
)
def test_found(text: str, kind: Kind, passage: str) -> None:
    assert [(one.kind, one.passage) for one in find(text)] == [(kind, passage)]
    only = find(text)[0]
    assert text[only.start : only.end].strip() == passage


@pytest.mark.parametrize(
    "text",
    [
        "My name is Amina.",
        "Mein Name ist Amina.",
        "Ich heiße Amina.",
        "Je m'appelle Amina.",
        "Mi chiamo Amina.",
        "Benim adım Amina.",
        "Меня зовут Amina.",
        "Мене звати Amina.",
        "Unë quhem Amina.",
        "Zovem se Amina.",
        "მქვია Amina.",
        "Navê min Amina.",
        "Magacaygu waa Amina.",
        "اسمي Amina.",
        "نام من Amina.",
        "زما نوم Amina.",
        "ስመይ Amina.",
    ],
)
def test_a_name_after_the_words_that_introduce_it_in_sixteen_languages(text: str) -> None:
    assert [(one.kind, one.passage) for one in find(text)] == [(Kind.NAME, "Amina")]


@pytest.mark.parametrize(
    "text",
    [
        "What does a flat with two rooms cost in Kutaisi?",
        "I can pay 1 500 000 dinars a month, or 800 to 1,200 lari.",
        "Insulin glargine 100 units/ml, 20 units a day, since 2019.",
        "I am from Kabul. I am Afghan.",
        "The school year begins on 1.9.2026.",
        "How many people live there: 250 000?",
        "",
    ],
)
def test_prices_doses_and_places_are_none(text: str) -> None:
    assert find(text) == []


def test_each_passage_is_found_once_in_the_order_of_the_text() -> None:
    found = find("My name is Amina Haidari, N 123 456, amina@example.org, +41 79 123 45 67.")
    assert [one.kind for one in found] == [Kind.NAME, Kind.CASE_NUMBER, Kind.EMAIL, Kind.PHONE]
