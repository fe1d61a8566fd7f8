"""Every rule of normalization, as a sentence: what is typed, what is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
