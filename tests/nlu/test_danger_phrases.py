"""Phrases of danger: found in what people type, not in what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.nlu.danger_phrases import tells_of_danger
from bot.nlu.paths import DANGER, ROOT
from wegweiser.texts import languages

DANGER_INTENT = "report_danger"
TELL_OF_IT_ALL_THE_SAME = {
    # A counsellor about clients, and a joke about football: a false alarm reads kindly, and
    # nobody can draw the line for a machine between these words and the same words meant.
    "Bieten Sie für Beratende einen Kurs an, wie man mit suizidalen Klienten umgeht?",
    "do you run training for counsellors about clients in crisis or with suicidal thoughts",
    "il Milan ieri da suicidio, ma cambiate portiere",
}
HARMLESS: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "not_danger.yml").read_text("utf-8")
)


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


def test_what_is_harmless_is_taken_away_before_and_nothing_else(folder: Path) -> None:
    (folder / "fr.yml").write_text(
        "language: fr\nphrases: [plus vivre, veux mourir]\nharmless: [plus vivre ici]\n"
    )
    assert not tells_of_danger("Je ne veux plus vivre ici.", "fr", folder)
    assert tells_of_danger("Je ne veux plus vivre.", "fr", folder)
    assert tells_of_danger("Je ne veux plus vivre ici, je veux mourir", "fr", folder)


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in HARMLESS.items() for text in texts]
)
def test_everyday_sentences_with_words_of_danger_are_none(language: str, text: str) -> None:
    assert not tells_of_danger(text, language)


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_no_example_of_another_intent_has_a_phrase(language: str) -> None:
    path = ROOT / "data" / "nlu" / f"{language}.yml"
    found = [
        line
        for block in yaml.load(path.read_bytes(), yaml.CSafeLoader)["nlu"]
        if block.get("intent", DANGER_INTENT) != DANGER_INTENT
        for line in (raw.removeprefix("- ").strip() for raw in block["examples"].splitlines())
        if line not in TELL_OF_IT_ALL_THE_SAME and tells_of_danger(line, language)
    ]
    assert found == []
