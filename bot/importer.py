"""Reads the examples of ``data/nlu`` for Rasa: named in ``config.yml``.

Rasa's own reader checks every line against a schema in pure Python and looks for annotations in
it: half a minute for 33,000 examples, each time. Ours have no annotations - names are matched, not
trained - so a bracket is a bracket, and ``make check`` looks after the form.
"""

# No `from __future__ import annotations`: Rasa reads these signatures at run time.
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class ExamplesImporter(RasaFileImporter):
    """Rasa's importer for everything but the examples."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All examples, one message each. Raises yaml.YAMLError with file, line and column."""
        return TrainingData(
            [message for path in self._nlu_files for message in _messages(Path(path))]
        )


def _messages(path: Path) -> list[Message]:
    with path.open("rb") as file:  # a file, so that errors name it
        content: dict[str, Any] = yaml.load(file, yaml.CSafeLoader)
    return [
        Message.build(text=line.strip().removeprefix("- ").strip(), intent=block["intent"])
        for block in content.get("nlu") or ()
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.strip()
    ]
