"""Examples pass through Rasa's importers cheaply, and still as Rasa expects them."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import yaml
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message

from bot.importer import Example, ExamplesImporter

NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello [there](you)
    - hello [there](you)
    - hi
- intent: goodbye
  examples: |
    - hi
"""


@pytest.fixture
def importer(tmp_path: Path) -> ExamplesImporter:
    (tmp_path / "nlu.yml").write_text(NLU)
    return ExamplesImporter(training_data_paths=[str(tmp_path)])


def features(origin: str = "SentenceVectors") -> Features:
    return Features(np.ones((1, 2)), "sentence", "text", origin)


def test_each_line_is_one_example_and_brackets_are_text(importer: ExamplesImporter) -> None:
    told = [(one.get("text"), one.get("intent")) for one in importer.get_nlu_data().intent_examples]
    assert told == [("hello [there](you)", "greet"), ("hi", "greet"), ("hi", "goodbye")]


def test_a_file_is_read_once(importer: ExamplesImporter) -> None:
    assert importer.get_nlu_data() is importer.get_nlu_data()


def test_a_copy_keeps_its_features_to_itself() -> None:
    example = Example.build("hi", "greet")
    copied = copy.deepcopy(example)
    copied.add_features(features())
    copied.set("intent", "goodbye")
    assert example.features == []
    assert example.get("intent") == "greet"
    assert isinstance(copied, Example)


def test_the_fingerprint_follows_text_intent_and_features() -> None:
    example = Example.build("hi", "greet")
    assert example == Example.build("hi", "greet")
    assert example != Example.build("hi", "goodbye")
    assert example != Example.build("ho", "greet")
    featured = copy.deepcopy(example)
    featured.add_features(features())
    assert featured != example
    int(example.fingerprint(), 16)  # Rasa makes a number of it


def test_stripping_an_intent_that_is_stripped_changes_nothing() -> None:
    example = Example.build("hi", "greet")
    before = example.fingerprint()
    example.set("intent", "greet")
    assert example._cached_fingerprint == before


def test_a_broken_file_is_named_with_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text('version: "3.1"\nnlu:\n- intent: [\n')
    with pytest.raises(yaml.YAMLError, match=r"nlu.yml.*line 4"):
        ExamplesImporter(training_data_paths=[str(tmp_path)]).get_nlu_data()


def test_rasas_own_messages_still_compare_with_ours() -> None:
    assert Example.build("hi", "greet") != Message.build("hi", "greet")
