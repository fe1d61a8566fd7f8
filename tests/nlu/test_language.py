"""The language of a text: letters first, then the examples, then what was before."""

from __future__ import annotations

import pytest

from bot.nlu.language import LanguageExamples, decide
from bot.nlu.language_decision import languages_of_examples
from bot.nlu.languages import codes, languages, main_script
from tests.nlu.hostile import HOSTILE


@pytest.fixture(scope="module")
def examples() -> LanguageExamples:
    """What a training learns."""
    language_of = languages_of_examples("data/nlu")
    return LanguageExamples.learn(list(language_of), list(language_of.values()))


NOTHING_LEARNED = LanguageExamples.learn([], [])


def test_the_sixteen_languages() -> None:
    assert codes() == (
        *("en", "de", "fr", "it", "ar", "fa", "tr", "ru"),
        *("uk", "sq", "sr", "ka", "ku", "ps", "so", "ti"),
    )
    assert {language.code for language in languages() if language.right_to_left} == {
        "ar",
        "fa",
        "ps",
    }


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Guten Tag", "LATIN"),
        ("مرحبا", "ARABIC"),
        ("ናብ ሃገረይ", "ETHIOPIC"),
        ("Beratung من فضلك", "ARABIC"),
        ("ich will nach გერმანია", "GEORGIAN"),
        ("漢字", None),
        ("123 ?!", None),
        ("", None),
    ],
)
def test_main_script(text: str, script: str | None) -> None:
    assert main_script(text) == script


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "How long does the whole process take?"),
        ("de", "Wie lange dauert das ganze Verfahren?"),
        ("fr", "Combien de temps dure la procédure ?"),
        ("it", "Vorrei sapere quanto costa il biglietto"),
        ("tr", "Eve geri dönmek istiyorum, yardım var mı?"),
        ("ar", "كم تستغرق الإجراءات كلها؟"),
        ("fa", "می‌خواهم به کشورم برگردم"),
        ("ps", "غواړم بېرته خپل هېواد ته ستون شم"),
        ("ku", "دەمەوێت بگەڕێمەوە"),
        ("ru", "Сколько денег я получу?"),
        ("uk", "Скільки грошей я отримаю?"),
        ("sr", "Желим да се вратим кући"),
        ("sr", "Želim da se vratim kući u Srbiju"),
        ("ka", "როგორ დავბრუნდე სახლში"),
        ("ti", "ናብ ሃገረይ ክምለስ ይደሊ"),
        ("ti", "ሰላም"),
    ],
)
def test_whole_sentences_need_no_prior(examples: LanguageExamples, code: str, text: str) -> None:
    for current in (None, "de", "ar"):
        decision = decide(text, examples, current=current)
        assert decision.code == code
        assert decision.source in {"script", "examples"}


def test_without_examples_letters_decide_or_what_was_before() -> None:
    assert decide("как вернуться домой, їжа", NOTHING_LEARNED).code == "uk"
    unknown = decide("Wie lange dauert das ganze Verfahren?", NOTHING_LEARNED, current="fr")
    assert (unknown.code, unknown.source) == ("fr", "prior")


@pytest.mark.parametrize("text", ["ok", "Ok!", "hm", "SMS", "Taxi", "Zürich", "Visa", "ja", "no"])
def test_one_word_stays_in_the_language_of_the_conversation(
    examples: LanguageExamples, text: str
) -> None:
    for code in ("de", "fr", "so", "tr"):
        assert decide(text, examples, current=code).code == code


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("sq", "Mirëdita"),
        ("fr", "bonjour"),
        ("it", "buongiorno"),
        ("tr", "merhaba"),
    ],
)
def test_a_first_word_tells_more_than_the_phone(
    examples: LanguageExamples, code: str, text: str
) -> None:
    assert decide(text, examples, hint="en").code == code


@pytest.mark.parametrize("text", ["", "123", "?", "👍", "\0", "漢字"])
def test_without_letters_what_was_before_decides(text: str) -> None:
    assert decide(text, NOTHING_LEARNED, current="ti").code == "ti"
    assert decide(text, NOTHING_LEARNED, hint="sq").code == "sq"
    assert decide(text, NOTHING_LEARNED).code == "en"
    assert decide(text, NOTHING_LEARNED, current="fr").source == "prior"


def test_the_conversation_weighs_more_than_telegram() -> None:
    assert decide("?", NOTHING_LEARNED, current="fr", hint="de").code == "fr"


@pytest.mark.parametrize("code", ["de-CH", "de_AT", "DE"])
def test_telegrams_codes_are_understood(code: str) -> None:
    assert decide("?", NOTHING_LEARNED, hint=code).code == "de"


@pytest.mark.parametrize("code", ["pt-BR", "xx", "", None])
def test_other_codes_are_ignored(code: str | None) -> None:
    assert decide("?", NOTHING_LEARNED, current=code, hint=code).code == "en"


def test_a_borrowed_letter_is_no_proof(examples: LanguageExamples) -> None:
    assert decide("شلون ارجع للعراق وكم المبلغ اللي أحصل عليه چان", examples).code == "ar"


@pytest.mark.parametrize("text", ["marhaba, ana men souria", "addesh el masari bel 3awde"])
def test_arabic_in_latin_letters(examples: LanguageExamples, text: str) -> None:
    assert decide(text, examples).code == "ar"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_have_a_language(examples: LanguageExamples, text: str) -> None:
    decision = decide(text, examples, current="so")
    assert decision.code in codes()
    assert 0 <= decision.confidence <= 1
