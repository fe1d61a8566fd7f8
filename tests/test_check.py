"""``make check`` warns editors a month ahead, and finds what is learned by heart."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from programmes.describe import due_lines
from wegweiser.check import WARN_DAYS, reviews
from wegweiser.checks import examples, held_out
from wegweiser.checks.held_out import bare, check_held_out, copied, trained
from wegweiser.rulebase import catalogue


def test_a_value_is_announced_thirty_days_before_its_review() -> None:
    first = min(line.split(" ")[0] for line in due_lines(catalogue(), date(2100, 1, 1)))
    day = date.fromisoformat(first)
    assert WARN_DAYS == 30
    assert reviews(day - timedelta(days=31)) == []
    assert any(line.startswith(first) for line in reviews(day - timedelta(days=30)))


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Training examples and held-out sentences, each in a folder."""
    learned, kept = tmp_path / "data", tmp_path / "tests"
    learned.mkdir()
    kept.mkdir()
    (learned / "en.yml").write_text(
        'version: "3.1"\n\nnlu:\n\n- intent: deny\n  examples: |\n'
        "    - no\n    - no, that isn't it\n    - that is something else\n",
        "utf-8",
    )
    (kept / "de.yml").write_text(
        "language: de\nsentences:\n"
        "- {text: 'No!', intent: deny}\n"
        "- {text: No that isn’t IT., intent: deny, style: plain}\n",
        "utf-8",
    )
    return learned, kept


def test_a_held_out_sentence_among_the_examples_is_named_with_file_and_line(
    folders: tuple[Path, Path],
) -> None:
    (told,) = copied(*folders)
    assert told.startswith('data/nlu/en.yml:8: "no, that isn\'t it" is a held-out sentence')
    assert "tests/nlu/de.yml" in told


def test_a_short_sentence_may_stand_in_both(folders: tuple[Path, Path]) -> None:
    learned, kept = folders
    text = (learned / "en.yml").read_text("utf-8")
    (learned / "en.yml").write_text(text.replace("    - no, that isn't it\n", ""), "utf-8")
    assert list(copied(learned, kept)) == []
    assert trained(learned) == {"no", "that is something else"}


@pytest.mark.parametrize("content", ["{", "- a", "sentences: [{intent: deny}]", ""])
def test_a_broken_file_of_held_out_sentences_is_a_problem(
    folders: tuple[Path, Path], content: str
) -> None:
    learned, kept = folders
    (kept / "fr.yml").write_text(content, "utf-8")
    assert any(told.startswith("tests/nlu/fr.yml: not a file") for told in copied(learned, kept))


def test_a_language_without_held_out_sentences_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(held_out, "HELD_OUT", tmp_path)
    assert any(told.startswith("tests/nlu/ti.yml: missing") for told in check_held_out())


def test_no_example_is_a_held_out_sentence() -> None:
    assert check_held_out() == []


def test_two_spellings_of_a_sentence_are_one() -> None:
    assert bare("Si e tërheq kërkesën?") == bare("si e terheq  kerkesen")
    assert bare("ډیپورټ به مې کړي؟") == bare("ډېپورټ به مې کړي")


def test_every_intent_has_twenty_four_examples_in_every_language() -> None:
    assert examples.LEAST == 24
    assert examples.check_examples() == []
