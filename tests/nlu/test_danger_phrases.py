"""Phrases of danger: found in what people type, not in what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.nlu.danger_phrases import tells_of_danger
from bot.nlu.paths import DANGER
from wegweiser.texts import languages


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fr.yml").write_text(
        "language: fr\nphrases: [me tuer, 'suicid*', \"m'a frappé*\"]\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "Il veut ME TUER.",
        "combien d'argent, et je pense au suicide",
        "mon mari m'a frappée hier",
        "il va me  tuer si je rentre",
    ],
)
def test_a_phrase_is_found_whatever_stands_around_it(folder: Path, text: str) -> None:
    assert tells_of_danger(text, "fr", folder)


@pytest.mark.parametrize("text", ["", "me tuera-t-on de travail", "je me tue, euh", "tuer me"])
def test_other_words_are_no_phrase(folder: Path, text: str) -> None:
    assert not tells_of_danger(text, "fr", folder)
    assert not tells_of_danger("Il veut me tuer", "so", folder)


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_every_language_has_phrases_and_finds_them(language: str) -> None:
    content = yaml.safe_load((DANGER / f"{language}.yml").read_text("utf-8"))
    assert content["language"] == language
    assert len(content["phrases"]) >= 80
    for phrase in map(str, content["phrases"]):
        said = phrase.replace("*", "")
        assert tells_of_danger(f"x {said} x", language), phrase
