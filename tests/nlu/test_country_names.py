"""Countries and nationalities, as they stand in sentences."""

from __future__ import annotations

import pytest

from bot.nlu.finding import NameFinder
from tests.nlu.hostile import HOSTILE


def countries(finder: NameFinder, text: str, language: str | None) -> list[object]:
    return [found["value"] for found in finder.find(text, language) if found["entity"] == "country"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "I am from Georgia", ["GE"]),
        ("en", "Niger or Nigeria?", ["NE", "NG"]),
        (
            "en",
            "Guinea, Guinea-Bissau, Equatorial Guinea, Papua New Guinea",
            ["GN", "GW", "GQ", "PG"],
        ),
        ("en", "Congo", ["CD"]),
        ("en", "Republic of the Congo", ["CG"]),
        ("en", "the Democratic Republic of the Congo", ["CD"]),
        ("en", "South Sudan and Sudan", ["SS", "SD"]),
        ("en", "back to turkey", ["TR"]),
        ("en", "Turkey", ["TR"]),
        ("en", "turkey", ["TR"]),
        ("en", "Lebanon or Jordan", ["LB", "JO"]),
        ("en", "Ghana's embassy", ["GH"]),
        ("en", "Sri Lankans", ["LK"]),
        ("en", "from the USA", ["US"]),
        ("en", "Norway", ["NO"]),
        ("de", "aus der Türkei", ["TR"]),
        ("de", "ich bin Afghane", ["AF"]),
        ("de", "Afghaninnen und Iraker", ["AF", "IQ"]),
        ("de", "Kosovarin", ["XK"]),
        ("de", "Kosovo-Albaner", ["XK"]),
        ("de", "die georgischen Behörden", ["GE"]),
        ("de", "zurück in den Libanon", ["LB"]),
        ("de", "Ghanas Hauptstadt", ["GH"]),
        ("de", "aus der Demokratischen Republik Kongo", ["CD"]),
        ("fr", "je rentre au Mali", ["ML"]),
        ("fr", "nous sommes maliennes", ["ML"]),
        ("fr", "nigérien ou nigérian", ["NE", "NG"]),
        ("fr", "d’Afghanistan", ["AF"]),
        ("fr", "en Côte d'Ivoire", ["CI"]),
        ("fr", "au Bénin", ["BJ"]),
        ("ar", "أنا من العراق", ["IQ"]),
        ("ar", "بدي ارجع للعراق", ["IQ"]),
        ("ar", "والعراق وسوريا", ["IQ", "SY"]),
        ("ar", "بسوريا", ["SY"]),
        ("ar", "لأفغانستان", ["AF"]),
        ("ar", "السوريين", ["SY"]),
        ("ar", "أنا لبنانية", ["LB"]),
        ("ar", "أنا من مالي", ["ML"]),
        ("ar", "ana men tounes", ["TN"]),
        ("fr", "d'Érytrée", ["ER"]),
        ("fr", "je viens de rdc", ["CD"]),
        ("fr", "j'habite aux usa", ["US"]),
        ("fa", "من افغانم", ["AF"]),
        ("fa", "از غنا", ["GH"]),
        ("fa", "مالی هستم", ["ML"]),
        ("fa", "ایران‌رو دوست دارم", ["IR"]),
        ("fa", "سودان‌جنوبی", ["SS"]),
        ("fa", "dar suis", ["CH"]),
        ("ps", "قطر ته", ["QA"]),
        ("ps", "افغانستان‌ته", ["AF"]),
        ("uk", "В'єтнам", ["VN"]),
        ("ru", "Грузия", ["GE"]),
        ("ti", "ናብ ኤርትራ", ["ER"]),
        ("ti", "ንስሪ ላንካ", ["LK"]),
        ("ti", "ኢትዮጵያዉያን ኢና", ["ET"]),
        ("ti", "ሞሮኮዋዊት እያ", ["MA"]),
        ("ti", "ካብ ኢራቅ", ["IQ"]),
        ("ti", "nab Ertra", ["ER"]),
        ("ka", "ალბანეთი", ["AL"]),
        ("tr", "Türkiye'ye", ["TR"]),
    ],
)
def test_names_are_found(finder: NameFinder, language: str, text: str, expected: list[str]) -> None:
    assert countries(finder, text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a roman holiday"),
        ("en", "a guinea pig"),
        ("en", "we ate turkey for lunch"),
        ("en", "he broke the china plates"),
        ("en", "my friend Jordan"),
        ("en", "please help us"),
        ("en", "a family reunion"),
        ("en", "two persons"),
        ("fr", "la réunion est demain"),
        ("fr", "deux personnes"),
        ("fr", "mille francs"),
        ("fr", "mon ami Maurice"),
        ("fr", "mille personnes"),
        ("fr", "il usa de son droit"),
        ("fa", "مشکل مالی دارم"),
        ("fa", "مشکل مالی هستم"),
        ("fa", "سه‌شنبه"),
        ("ti", "ማሽንን ፍራንክን"),
        ("ti", "ብርቱኳን ኣይኮንን"),
        ("ti", "ኣፍሪቃውያን"),
        ("tr", "mısır yedim"),
        ("uk", "болгарською можна?"),
        ("fr", "une tumeur bénigne, c'est bénin"),
        ("de", "meine Frau ist gerade hier"),
        ("de", "inzwischen"),
        ("ar", "دعم مالي"),
        ("ar", "المبلغ المالي"),
        ("ar", "الماضي"),
    ],
)
def test_other_words_are_no_countries(finder: NameFinder, language: str, text: str) -> None:
    assert countries(finder, text, language) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Afganistn", "AF"),
        ("from Nigeira", "NG"),
        ("nach Marroko", "MA"),
        ("ETHIOPA", "ET"),
        ("Azerbaidjan", "AZ"),
    ],
)
def test_a_typing_error_is_forgiven(finder: NameFinder, text: str, expected: str) -> None:
    assert countries(finder, text, "en") == [expected]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "maroccain", ["MA"]),
        ("fr", "une camerounnaise", ["CM"]),
        ("en", "Palestinean", ["PS"]),
        ("ti", "ጄርመን", ["DE"]),
        ("ti", "ንኦትዮጶያ", ["ET"]),
        ("de", "Personen", []),
        ("de", "Schweisser", []),
        ("fr", "écrivez en marocainn", []),
    ],
)
def test_peoples_and_syllables_with_a_typing_error(
    finder: NameFinder, language: str, text: str, expected: list[str]
) -> None:
    assert countries(finder, text, language) == expected


def test_parts_at_half_spaces_keep_their_places(finder: NameFinder) -> None:
    text = "در ایران‌رو"
    (found,) = (one for one in finder.find(text, "fa") if one["entity"] == "country")
    assert text[found["start"] : found["end"]] == found["text"] == "ایران"


def test_places_are_those_of_the_text(finder: NameFinder) -> None:
    text = "  Ich bin 🙂 aus   Afghanistan."
    (found,) = finder.find(text, "de")
    assert text[found["start"] : found["end"]] == found["text"] == "Afghanistan"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_pass(finder: NameFinder, text: str) -> None:
    for found in finder.find(text):
        assert text[found["start"] : found["end"]] == found["text"]
