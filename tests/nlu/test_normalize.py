"""Every rule of normalization, as a sentence: what is typed, what is read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu import normalize
from bot.nlu.normalize import clean, fold
from tests.nlu.hostile import HOSTILE


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  two   spaces ", "two spaces"),
        ("line\nbreak\r\n", "line break"),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("ﬁne", "fine"),
        ("how\0much", "how much"),
        ("hal\ud800lo", "hallo"),
        ("zero\u200bwidth", "zero width"),
        ("می\u200cخواهم", "می خواهم"),
        ("bi\u202ddi", "bidi"),
        ("heart \u2764\ufe0f", "heart \u2764"),
        ("helloooo", "hello"),
        ("sooooo goooood", "so good"),
        ("tool", "tool"),
        ("1000 and 5555", "1000 and 5555"),
        ("what???!!", "what?!"),
        ("مـــرحبا", "مرحبا"),
        ("مَرْحَبًا", "مرحبا"),
        ("ليبياا", "ليبيا"),
        ("مرحباااا", "مرحبا"),
        ("Wie VIEL", "Wie VIEL"),
        ("WIE VIEL GELD??", "wie viel geld?"),
        ("HELP ME", "help me"),
        ("СКОЛЬКО ДЕНЕГ", "сколько денег"),
        ("İSTANBUL'A DÖNMEK", "istanbul'a dönmek"),
        ("RÜCKKEHRHILFE", "rückkehrhilfe"),
        ("WAS IST DAS FÜR EIN Geld", "was ist das für ein geld"),
        ("RAZ", "RAZ"),
        ("REAG/GARP", "REAG/GARP"),
        ("Was ist REAG/GARP", "Was ist REAG/GARP"),
        ("Ausweis F", "Ausweis F"),
    ],
)
def test_clean_mends_typing_and_leaves_words(typed: str, read: str) -> None:
    assert clean(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("GROSS", "gross"),
        ("Größe", "grosse"),
        ("Français où", "francais ou"),
        ("İstanbul ışık", "istanbul isik"),
        ("Shqipëri", "shqiperi"),
        ("Œuvre Ærø", "oeuvre aero"),
        ("d’Irak", "d'irak"),
        ("أإآٱ", "اااا"),
        ("سورية", "سوريه"),
        ("سورىا", "سوريا"),
        ("کابل", "كابل"),
        ("٣ و ۴", "3 و 4"),
        ("Ёлка", "елка"),
        ("Україна", "україна"),
        ("ሠላም", "ሰላም"),
    ],
)
def test_fold_merges_letters_that_people_exchange(typed: str, read: str) -> None:
    assert fold(typed) == read


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_pass(text: str) -> None:
    assert isinstance(fold(text), str)


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_cleaning_twice_changes_nothing_more_than_once(text: str) -> None:
    once = clean(text)
    assert once == once.strip()
    assert "\0" not in once
    assert "  " not in once
    once.encode("utf-8")


_AWKWARD = "aab اً ـ\ufe0f!!??  \t\xa0\u200b\u200cé\u0301٣"


@given(st.text(alphabet=st.one_of(st.sampled_from(_AWKWARD), st.characters())))
def test_what_needs_no_mending_is_what_mending_leaves(text: str) -> None:
    """The short way for ordinary texts gives what all the rules give, one after the other."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(normalize, "_MAY_CHANGE", re.compile(""))  # found everywhere
        mended = clean.__wrapped__(text)
    assert clean.__wrapped__(text) == mended


def test_no_memory_is_spent_on_scripts_that_nobody_writes_here() -> None:
    fold("".join(chr(code) for code in range(0x4E00, 0x5200)))
    assert max(normalize._FOLDED) < normalize._COMMON
