"""Permits, programmes, places, topics, languages and numbers."""

from __future__ import annotations

import pytest

from bot.nlu.finding import NameFinder
from bot.nlu.names_alone import intent_of_names


def values(finder: NameFinder, text: str, language: str, entity: str) -> list[object]:
    return [found["value"] for found in finder.find(text, language) if found["entity"] == entity]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "I have an F permit", "temporarily_admitted"),
        ("de", "ich habe einen F-Ausweis", "temporarily_admitted"),
        ("de", "Ausweis F", "temporarily_admitted"),
        ("fr", "permis F", "temporarily_admitted"),
        ("ar", "إقامة F", "temporarily_admitted"),
        ("de", "N", "asylum_pending"),
        ("en", "f", "temporarily_admitted"),
        ("de", "Duldung", "tolerated"),
        ("de", "ich bin geduldet", "tolerated"),
        ("de", "Aufenthaltsgestattung", "asylum_pending"),
        ("en", "I got a negative decision", "asylum_rejected"),
        ("fr", "je suis débouté", "asylum_rejected"),
        ("ar", "جاني قرار سلبي", "asylum_rejected"),
        ("de", "§ 24", "temporary_protection"),
        ("fr", "protection subsidiaire", "protected"),
        ("fr", "sans-papiers", "undocumented"),
        ("ar", "الحماية الثانوية", "protected"),
    ],
)
def test_permits(finder: NameFinder, language: str, text: str, expected: str) -> None:
    assert values(finder, text, language, "status") == [expected]


@pytest.mark.parametrize("text", ["a and b", "non", "Nein, nee", "c'est bon"])
def test_letters_and_small_words_are_no_permits(finder: NameFinder, text: str) -> None:
    assert values(finder, text, "fr", "status") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("StarthilfePlus", ["de.starthilfe_plus"]),
        ("Starthilfe plus", ["de.starthilfe_plus"]),
        ("RAZ", ["ch.raz"]),
        ("was ist raz", ["ch.raz"]),
        ("REAG/GARP", ["de.reag_garp"]),
        ("reag garp", ["de.reag_garp"]),
        ("ZIRF", ["de.zirf"]),
        ("swissREPAT", ["ch.sim"]),
        ("what is SIM", ["ch.sim"]),
        ("my sim card", []),
        ("JRS", ["ch.eurp", "de.eurp"]),
    ],
)
def test_programmes(finder: NameFinder, text: str, expected: list[str]) -> None:
    assert sorted(map(str, values(finder, text, "en", "programme"))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ich wohne in Winterthur", ["CH-ZH"]),
        ("St. Gallen", ["CH-SG"]),
        ("Genève", ["CH-GE"]),
        ("München und Nuernberg", ["DE-BY", "DE-BY"]),
        ("برلين", ["DE-BE"]),
        ("in Bern", ["CH-BE"]),
        ("Kanton Zug", ["CH-ZG"]),
        ("der Zug fährt", []),
        ("wir essen", []),
    ],
)
def test_places(finder: NameFinder, text: str, expected: list[str]) -> None:
    assert values(finder, text, "de", "place") == expected


@pytest.mark.parametrize(
    ("language", "text", "country", "spoken"),
    [
        ("en", "Can you speak Turkish?", [], ["tr"]),
        ("de", "auf Türkisch bitte", [], ["tr"]),
        ("fr", "vous parlez français ?", [], ["fr"]),
        ("ar", "احكي عربي", [], ["ar"]),
        ("en", "I am Turkish", ["TR"], []),
        ("en", "Turkish", ["TR"], ["tr"]),
        ("de", "Deutsch", ["DE"], ["de"]),
        ("en", "Tigrinya", [], ["ti"]),
        ("sq", "Shqip", [], ["sq"]),
        ("ka", "ქართული", ["GE"], ["ka"]),
    ],
)
def test_languages_and_nationalities(
    finder: NameFinder, language: str, text: str, country: list[str], spoken: list[str]
) -> None:
    assert values(finder, text, language, "country") == country
    assert values(finder, text, language, "language") == spoken


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "sechs Monate", [6]),
        ("fr", "deux enfants", [2]),
        ("fr", "un enfant", []),
        ("ar", "ثلاثة أطفال", [3]),
        ("en", "٣ kids and 2 adults", [3, 2]),
        ("de", "§ 24", []),
        ("en", "K7M-4Q2", []),
    ],
)
def test_numbers(finder: NameFinder, language: str, text: str, expected: list[int]) -> None:
    assert values(finder, text, language, "number") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("REZ", ["ch.raz"]),
        ("rez", ["ch.raz"]),
        ("EVZ", ["ch.raz"]),
        ("ich bin im evz", ["ch.raz"]),
        ("JRS", ["ch.eurp", "de.eurp"]),
        ("jrs", ["ch.eurp", "de.eurp"]),
        ("errin", ["ch.eurp", "de.eurp"]),
        ("what is ERRIN", ["ch.eurp", "de.eurp"]),
        ("combien paie le rif", ["ch.rif"]),
        ("je viens du Rif", []),
        ("ana men rif dimashq", []),
        ("j'habite au rez-de-chaussée", []),
    ],
)
@pytest.mark.parametrize("language", ["de", "fr", "ti"])
def test_programmes_by_their_old_and_short_names(
    finder: NameFinder, language: str, text: str, expected: list[str]
) -> None:
    assert sorted(values(finder, text, language, "programme")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is there insulin?", ["medical"]),
        ("الدواء", ["medical"]),
        ("eine Wohnung und die Schule", ["housing", "education"]),
    ],
)
def test_topics(finder: NameFinder, text: str, expected: list[str]) -> None:
    assert values(finder, text, "en", "topic") == expected


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Afghanistan", "inform"),
        ("aus Afghanistan", "inform"),
        ("F", "inform"),
        ("2", "inform"),
        ("RAZ", "ask_programme"),
        ("K7M-4Q2", "check_request"),
        ("Deutsch bitte", None),
        ("Tigrinya", "change_language"),
        ("Afghanistan?", None),
        ("ኤርትራ ድዩ፧", None),
        ("من سوريا", "inform"),
        ("ካብ ኢትዮጵያ", "inform"),
        ("خطر سوريا", None),
        ("ሓደጋ ኤርትራ", None),
        ("RAZ كم", None),
        ("is it safe in Afghanistan", None),
        ("insulin", None),
        ("", None),
    ],
)
def test_a_message_of_names_alone(finder: NameFinder, text: str, intent: str | None) -> None:
    assert intent_of_names(text, finder.find(text, "en")) == intent
