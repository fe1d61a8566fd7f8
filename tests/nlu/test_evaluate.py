"""The evaluation reads, counts and complains rightly; and nobody has become worse."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu import evaluate
from bot.nlu.evaluate_figures import Parsed, as_json, confusion, falls, figures
from bot.nlu.evaluate_page import page
from bot.nlu.evaluate_sets import (
    HeldOutError,
    LanguageLine,
    NamesLine,
    Sentence,
    read,
    read_all,
)

AMOUNT = Sentence("how much", "ask_amount", "short")
DANGER = Sentence("he beats me", "report_danger", "plain")
WEATHER = Sentence("rain?", "out_of_scope", "plain")


def parsed(
    intent: str, *, confidence: float = 0.9, countries: str = "", code: str = "en"
) -> Parsed:
    names = frozenset(("country", country) for country in countries.split())
    return Parsed(intent, confidence, intent, names, code, 5.0)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "en.yml"
    path.write_text(
        "language: en\n"
        "sentences:\n- {text: how much, intent: ask_amount, style: short}\n"
        "places:\n- {text: Norway, country: NO}\n- {text: roman, country: null}\n"
        "- {text: an F permit, status: temporarily_admitted}\n"
        "- {text: both, country: [GE, AM]}\n"
        "languages:\n- {text: hallo, language: de}\n"
    )
    held_out = read(path)
    assert held_out.sentences == [AMOUNT]
    assert [(line.entity, sorted(line.values)) for line in held_out.places] == [
        ("country", ["NO"]),
        ("country", []),
        ("status", ["temporarily_admitted"]),
        ("country", ["AM", "GE"]),
    ]
    assert held_out.languages == [LanguageLine("hallo", "de")]


@pytest.mark.parametrize(
    "content", ["sentences: [{text: x}]", "language: en\nplaces: [{a: 1}]", "{"]
)
def test_a_mistake_names_the_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "xx.yml"
    path.write_text(content)
    with pytest.raises(HeldOutError, match=r"xx\.yml"):
        read(path)


def test_no_sentences_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HeldOutError, match="no held-out sentences"):
        read_all(tmp_path)


def test_the_figures_count_what_they_say() -> None:
    value = figures(
        [
            (AMOUNT, parsed("ask_amount")),
            (AMOUNT, parsed("nlu_fallback", confidence=0.9)),
            (DANGER, parsed("report_danger")),
            (WEATHER, parsed("out_of_scope")),
            (WEATHER, parsed("report_danger", confidence=0.3)),
        ],
        [
            (NamesLine("x", "country", frozenset({"AF", "IQ"})), parsed("inform", countries="AF")),
            (NamesLine("y", "country", frozenset()), parsed("inform", countries="SY")),
            (NamesLine("z", "status", frozenset({"tolerated"})), parsed("inform")),
        ],
        [(LanguageLine("hi", "en"), parsed("greet")), (LanguageLine("hi", "de"), parsed("greet"))],
    )
    assert value.accuracy == pytest.approx(2 / 3)
    assert value.by_style == {"plain": 1.0, "short": 0.5}
    assert value.out_of_scope_recall == 0.5
    assert value.in_scope_refused == pytest.approx(1 / 3)
    assert value.danger_recall == 1.0
    assert value.danger_false_alarms == 0.25
    assert value.right_when_sure == 1.0
    assert value.country_recall == 0.5
    assert value.country_precision == 0.5
    assert value.other_names_recall == 0.0
    assert value.language_right == 0.5
    assert value.p50_ms == 5.0


def test_a_fall_names_the_guilty_sentences() -> None:
    good = {"en": [(AMOUNT, parsed("ask_amount")), (DANGER, parsed("report_danger"))]}
    bad = {"en": [(AMOUNT, parsed("ask_cost")), (DANGER, parsed("report_danger"))]}
    before = as_json({"en": figures(good["en"], [], [])})
    assert falls({"en": figures(good["en"], [], [])}, before, good) == []
    complaints = falls({"en": figures(bad["en"], [], [])}, before, bad)
    assert "en: accuracy fell from 1.000 to 0.500." in complaints
    assert any("ask_amount -> ask_cost" in line and "how much" in line for line in complaints)


def test_a_new_language_has_nothing_to_fall_from() -> None:
    pairs = {"ti": [(AMOUNT, parsed("ask_cost"))]}
    assert falls({"ti": figures(pairs["ti"], [], [])}, {}, pairs) == []


def test_the_page_escapes_and_draws() -> None:
    pairs = [(AMOUNT, parsed("ask_cost")), (DANGER, parsed("report_danger"))]
    text = page({"en": figures(pairs, [], [])}, {"en": pairs})
    assert text.count("data:image/png;base64,") == 2
    assert confusion(pairs) == [("ask_amount", "ask_cost", 1)]


def test_no_language_has_become_worse(capsys: pytest.CaptureFixture[str]) -> None:
    """The real thing: trains on data/nlu (a minute, the first time) and reads tests/nlu/*.yml."""
    status = evaluate.main([])
    assert status == 0, capsys.readouterr().out
