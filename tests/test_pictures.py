"""The picture of the steps: in every language, drawn once, with the letters it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.channels.telegram_text import units
from wegweiser import pictures
from wegweiser.pictures import Pen, _letters, steps_name, steps_picture
from wegweiser.steps import STEPS, steps_in_words
from wegweiser.texts import languages, texts, word

LANGUAGES = [one.code for one in languages()]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pictures, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_in_a_font_and_right_to_left_stays_in_one(language: str) -> None:
    pen = Pen(language, "Regular", 40, texts(language).rtl)
    for line in steps_in_words(language).splitlines():
        for family, piece in pen.runs(line):
            assert not {sign for sign in piece if ord(sign) not in _letters(family)} - {" "}
    for step in (*STEPS, "title", "note"):
        families = {family for family, _ in pen.runs(word(language, f"steps.{step}"))}
        assert families == {pen.family} or not pen.rtl, "pieces would stand in the wrong order"
        assert pen.family in families


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_fit_below_a_picture(language: str) -> None:
    assert units(steps_in_words(language)) <= 1024


@pytest.mark.parametrize("language", ["en", "ar", "ka", "ti"])
def test_it_is_drawn_once_and_from_its_own_side(
    language: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = steps_picture(language)
    picture = Image.open(drawn.path).convert("L")
    assert (picture.width, picture.height) == (drawn.width, drawn.height)
    # The discs stand where the language begins.
    left = picture.crop((60, 200, 192, 900)).histogram()
    right = picture.crop((picture.width - 192, 200, picture.width - 60, 900)).histogram()
    dark_left, dark_right = sum(left[:128]), sum(right[:128])
    assert (dark_right > 3 * dark_left) is texts(language).rtl
    monkeypatch.setattr(pictures, "_draw", None)
    assert steps_picture(language).path == drawn.path
    assert [one.name for one in folder.iterdir()] == [steps_name(language)]


def test_other_words_are_another_picture_and_the_earlier_one_goes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = steps_picture("en").path
    monkeypatch.setitem(texts("en").words, "steps.talk", "Talk with somebody")
    after = steps_picture("en").path
    assert before != after
    assert list(folder.iterdir()) == [after]


def test_long_words_are_broken_into_lines_that_fit() -> None:
    pen = Pen("de", "Regular", 44, rtl=False)
    lines = pen.lines(" ".join(["Rückkehrberatung"] * 9), 800)
    assert len(lines) > 2
    assert all(pen.length(line) <= 800 for line in lines)


@pytest.mark.django_db
def test_the_chat_page_gives_it_out_under_its_present_name_only(client: Any) -> None:
    answer = client.get(f"/chat/pictures/{steps_name('ti')}")
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    for name in (f"steps-ti-{'0' * 16}.png", "steps-xx-0000000000000000.png", "..%2f.env"):
        assert client.get(f"/chat/pictures/{name}").status_code == 404
