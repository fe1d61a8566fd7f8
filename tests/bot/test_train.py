"""Training leaves aside what it never uses, and gives Rasa what it would have given itself."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.train import NEVER_TRAINED, _in_any_language, _quick, _uncopied
from bot.without_tensorflow import LEARNING
from wegweiser.settings import ROOT

IMPORTED = """
import sys
import bot.train

def imported(*_, **__):
    import rasa.model_training, rasa.engine.recipes.default_recipe
    import bot.nlu.tokens, bot.nlu.language_decision, bot.nlu.sentence_vectors
    import bot.nlu.names_extractor, bot.nlu.intent_classifier
    from rasa.engine.validation import _validate_required_packages
    for name in ("spacy", "scipy.stats"):
        print(name, name in sys.modules)
    for name in sys.argv[1:]:
        print(name, getattr(sys.modules.get(name), "__file__", None))

bot.train._train = imported
bot.train.main(["name"])
"""

merge = _uncopied(TrainingData.merge)


@pytest.fixture
def data() -> TrainingData:
    return TrainingData([Message.build("hello", "greet")])


def test_no_library_is_loaded_that_training_does_without() -> None:
    names = (*LEARNING, *NEVER_TRAINED)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IMPORTED, *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    told = [line.split() for line in done.stdout.splitlines()]
    assert told[:2] == [["spacy", "False"], ["scipy.stats", "False"]]
    assert told[2:] == [[name, "None"] for name in names]


def test_our_components_ask_rasa_to_import_nothing_slow() -> None:
    from bot.nlu.names_extractor import Names
    from bot.nlu.tokens import Tokens

    assert "spacy" not in [*Tokens.required_packages(), *Names.required_packages()]


def test_what_is_merged_with_nothing_is_not_copied(data: TrainingData) -> None:
    assert merge(TrainingData(), data) is data
    assert merge(data, None, TrainingData()) is data
    assert merge(TrainingData(), None).is_empty()


def test_what_is_merged_with_something_is_merged(data: TrainingData) -> None:
    more = TrainingData([Message.build("bye", "goodbye")])
    assert len(merge(data, more).training_examples) == 2
    answered = merge(data, TrainingData(responses={"utter_faq/money": [{"text": "none"}]}))
    assert answered.responses
    assert answered.training_examples


def test_examples_are_the_same_ones_in_any_language() -> None:
    asked: list[object] = []
    get = _in_any_language(asked.append)
    get("importer")
    get("importer", "en")
    get("importer", language=None)
    assert asked == ["importer"] * 3


def test_a_quick_archive_is_an_archive(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("words " * 5000)
    for name, kind in (("quick", _quick(tarfile.TarFile)), ("best", tarfile.TarFile)):
        with kind.open(tmp_path / name, "w:gz") as archive:
            archive.add(text, "text")
    with tarfile.open(tmp_path / "quick", "r:gz") as archive:
        file = archive.extractfile("text")
        assert file is not None
        assert file.read() == text.read_bytes()
    assert (tmp_path / "quick").stat().st_size > (tmp_path / "best").stat().st_size
