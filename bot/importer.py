"""Reads the examples of ``data/nlu`` for Rasa: named in ``config.yml``.

Rasa's own reader checks every line against a schema in pure Python and looks for annotations in
it: half a minute for 33,000 examples, each time. Ours have no annotations - names are matched, not
trained - so a bracket is a bracket, and ``make check`` looks after the form.
"""

# No `from __future__ import annotations`: Rasa reads these signatures at run time.
import functools
import hashlib
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class Example(Message):
    """One line of ``data/nlu``: text and intent stay as they were read.

    Rasa copies, compares and fingerprints every example a dozen times on its way through its
    importers and the graph. With nothing that can change underneath, a copy shares what it holds
    and a fingerprint is taken once: half of the time of a training.
    """

    _cached_fingerprint: str | None

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """As Rasa's; setting what is there already (Rasa strips every intent) changes nothing."""
        if self.data.get(prop) != info:
            super().set(prop, info, add_to_output)

    def fingerprint(self) -> str:
        """Of text, intent and who added features: what they hold follows from the text."""
        if self._cached_fingerprint is None:
            parts = (str(self.data), *(one.origin for one in self.features))
            self._cached_fingerprint = hashlib.md5(
                repr(parts).encode("utf-8", "surrogatepass"), usedforsecurity=False
            ).hexdigest()
        return self._cached_fingerprint

    def __deepcopy__(self, memo: dict[int, Any]) -> "Example":
        """Its own data and list of features; the features themselves are shared."""
        copied = Example.__new__(Example)  # all of it is set: __init__ would only take time
        copied.__dict__.update(self.__dict__)
        copied.data = self.data.copy()
        copied.output_properties = self.output_properties.copy()
        copied.features = list(self.features)
        return copied


class ExamplesImporter(RasaFileImporter):
    """Rasa's importer for everything but the examples."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All examples, one message each. Raises yaml.YAMLError with file, line and column."""
        return self._examples

    @functools.cached_property
    def _examples(self) -> TrainingData:
        return TrainingData(
            [message for path in self._nlu_files for message in _messages(Path(path))]
        )


def _messages(path: Path) -> list[Message]:
    with path.open("rb") as file:  # a file, so that errors name it
        content: dict[str, Any] = yaml.load(file, yaml.CSafeLoader)
    return [
        Example.build(text=line.strip().removeprefix("- ").strip(), intent=block["intent"])
        for block in content.get("nlu") or ()
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.strip()
    ]
