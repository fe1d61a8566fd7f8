"""The words that erase everything, as every welcome tells them."""

from __future__ import annotations

import pytest

from wegweiser.erasing import QUOTED, asks_to_erase
from wegweiser.texts import languages, texts


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_what_the_welcome_says_to_write_is_understood(language: str) -> None:
    (told,) = QUOTED.findall(texts(language).responses["utter_welcome"][0]["text"])
    for written in (told, told.upper(), f"  {told}. ", f"«{told}»"):
        assert asks_to_erase(written)
        assert not asks_to_erase(f"{written} x")


@pytest.mark.parametrize("text", ["", ".", "delete", "please delete my data tomorrow", "x" * 9000])
def test_nothing_else_is_taken_for_it(text: str) -> None:
    assert not asks_to_erase(text)
