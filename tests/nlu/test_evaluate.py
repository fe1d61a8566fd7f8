"""The evaluation reads, counts and complains rightly; and nobody has become worse."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from bot.nlu import evaluate
from bot.nlu.evaluate_figures import as_json, confusion, figures, weakest_intents
from bot.nlu.evaluate_measures import MEASURES, Parsed, Parses
from bot.nlu.evaluate_page import page
from bot.nlu.evaluate_sets import (
    HeldOutError,
    LanguageLine,
    NamesLine,
    Sentence,
    TwoLine,
    read,
    read_all,
)
from bot.nlu.evaluate_terminal import print_mistakes, print_result

AMOUNT = Sentence("how much", "ask_amount", "short")
DANGER = Sentence("he beats me", "report_danger", "plain")
WEATHER = Sentence("rain?", "out_of_scope", "plain")


def parsed(
    intent: str, *also: str, confidence: float = 0.9, countries: str = "", code: str = "en"
) -> Parsed:
    names = frozenset(("country", country) for country in countries.split())
    return Parsed(intent, confidence, intent, names, code, 5.0, also)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "en.yml"
    path.write_text(
        "language: en\n"
        "sentences:\n- {text: how much, intent: ask_amount, style: short}\n"
        "places:\n- {text: Norway, country: NO}\n- {text: roman, country: null}\n"
        "- {text: an F permit, status: temporarily_admitted}\n"
        "- {text: both, country: [GE, AM]}\n"
        "languages:\n- {text: hallo, language: de}\n"
        "two:\n- {text: how much and where, first: ask_amount, second: ask_office, style: plain}\n"
    )
    held_out = read(path)
    assert held_out.two == [TwoLine("how much and where", "ask_amount", "ask_office")]
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


def test_only_files_of_languages_are_read(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text("language: en\n")
    (tmp_path / "ti.yml").write_text("language: ti\n")
    (tmp_path / "not_danger.yml").write_text("en: [this waiting kills me]\n")
    assert [one.language for one in read_all(tmp_path)] == ["en", "ti"]
    assert [one.language for one in read_all(tmp_path, only=["ti"])] == ["ti"]


def test_no_sentences_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HeldOutError, match="no held-out sentences"):
        read_all(tmp_path)


def test_the_figures_count_what_they_say() -> None:
    value = figures(
        Parses(
            [
                (AMOUNT, parsed("ask_amount")),
                (AMOUNT, parsed("nlu_fallback", confidence=0.9)),
                (DANGER, parsed("report_danger")),
                (WEATHER, parsed("nlu_fallback", confidence=0.3)),
                (WEATHER, parsed("report_danger", confidence=0.3)),
            ],
            [
                (
                    NamesLine("x", "country", frozenset({"AF", "IQ"})),
                    parsed("inform", countries="AF"),
                ),
                (NamesLine("y", "country", frozenset()), parsed("inform", countries="SY")),
                (NamesLine("z", "status", frozenset({"tolerated"})), parsed("inform")),
            ],
            [
                (LanguageLine("hi", "en"), parsed("greet")),
                (LanguageLine("hi", "de"), parsed("greet")),
            ],
            two=[
                (TwoLine("1", "ask_amount", "ask_office"), parsed("ask_office", "ask_amount")),
                (TwoLine("2", "ask_amount", "ask_office"), parsed("ask_office")),
                (TwoLine("3", "ask_amount", "ask_office"), parsed("ask_cost", "ask_amount")),
                (TwoLine("4", "ask_amount", "ask_office"), parsed("ask_cost")),
            ],
            trained=frozenset({"how much"}),
        )
    )
    assert (value.both_found, value.one_of_both_answered) == (0.25, 0.5)
    assert value.second_invented == 0.0
    assert value.accuracy == pytest.approx(2 / 3)
    assert value.accuracy_unseen == 1.0, "only the danger is in no training file"
    assert value.by_style == {"plain": 1.0, "short": 0.5}
    assert value.by_intent == {"ask_amount": 0.5, "report_danger": 1.0, "out_of_scope": 0.5}
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
    assert value.cases["accuracy_unseen"] == 1
    assert value.cases["country_recall"] == 2
    assert {name for name, marks in value.mistakes.items() if not marks} == {
        "accuracy_unseen",
        "danger_recall",
        "right_when_sure",
        "second_invented",
    }


def test_every_measure_is_a_figure() -> None:
    assert set(MEASURES) <= {field.name for field in fields(figures(Parses()))}


def test_the_weakest_intents_come_first() -> None:
    result = {
        "en": figures(Parses([(AMOUNT, parsed("ask_amount")), (DANGER, parsed("report_danger"))])),
        "de": figures(Parses([(AMOUNT, parsed("ask_cost")), (DANGER, parsed("report_danger"))])),
    }
    assert weakest_intents(result) == [
        ("ask_amount", 0.5, 0.0, ["de"]),
        ("report_danger", 1.0, 1.0, ["en", "de"]),
    ]
    assert weakest_intents(result, most=1) == [("ask_amount", 0.5, 0.0, ["de"])]


def some() -> Parses:
    return Parses([(AMOUNT, parsed("ask_cost")), (DANGER, parsed("report_danger"))])


def test_the_page_has_all_plots_and_all_figures_beside_the_last_ones() -> None:
    result = {"en": figures(some())}
    earlier = as_json(result)
    earlier["en"]["accuracy"] = 0.75
    earlier["en"]["by_intent"]["ask_amount"] = 0.25
    text = page(result, {"en": some()}, earlier)
    assert text.count("data:image/png;base64,") == 6
    assert "<td>accuracy</td><td>0.750 → 0.500</td>" in text
    assert "<td>by intent: ask_amount</td><td>0.250 → 0.000</td>" in text
    assert "<td>danger recall</td><td>1.000</td>" in text, "unchanged"
    assert confusion(some().sentences) == [("ask_amount", "ask_cost", 1)]


def test_the_page_escapes_and_needs_no_earlier_result() -> None:
    odd = Parses([(Sentence("<b>how much", "ask_amount", "short"), parsed("ask_amount"))])
    text = page({"en": figures(odd)}, {"en": odd})
    assert "&lt;b&gt;how much" in text
    assert "<td>accuracy</td><td>- → 1.000</td>" in text


def test_the_terminal_tells_figures_weakest_intents_and_mistakes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = {"en": figures(some())}
    print_result(result, {"en": {"accuracy": 0.75}})
    print_mistakes({"en": some()})
    told = capsys.readouterr().out
    assert "weakest intents" in told
    before = next(line for line in told.splitlines() if line.startswith("before"))
    assert before.split()[1] == "0.750"
    assert "en short ask_amount -> ask_cost (ask_cost, 0.90): how much" in told


def test_no_language_has_become_worse(capsys: pytest.CaptureFixture[str]) -> None:
    """The real thing: trains on data/nlu (a minute, the first time) and reads tests/nlu/*.yml."""
    status = evaluate.main([])
    assert status == 0, capsys.readouterr().out
