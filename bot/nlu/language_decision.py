"""Says which language a message is in: `language` in what a parse contains."""

# No `from __future__ import annotations`: Rasa reads these signatures at run time.
import logging
from dataclasses import asdict
from typing import Any

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.language import LanguageExamples, decide
from bot.nlu.languages import codes
from bot.nlu.paths import ROOT, fingerprint_of_code

logger = logging.getLogger(__name__)

LANGUAGE = "language"
LANGUAGE_HINT = "language_hint"

_FILE = "languages.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageDecision(GraphComponent):
    """Reads `language` and `language_hint` of a message's metadata, sets `language`.

    Learns how people write from the examples; an example's language is its file's name.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`examples` is the folder with a file of examples per language."""
        return {"examples": "data/nlu"}

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be installed."""
        return ["scipy"]

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        examples: LanguageExamples,
    ) -> None:
        """Knows what `examples` knows."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._examples = examples

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LanguageDecision":
        """Without examples: letters alone."""
        return cls(config, model_storage, resource, LanguageExamples.learn([], []))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """See `fingerprint_of_code`."""
        return fingerprint_of_code()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that are in `training_data` and in a language's file."""
        language_of = languages_of_examples(self._config["examples"])
        texts = [
            text
            for text in (message.get(TEXT) for message in training_data.intent_examples)
            if text in language_of
        ]
        self._examples = LanguageExamples.learn(texts, [language_of[text] for text in texts])
        logger.info("Language: %d examples in %s.", len(texts), self._examples.ways)
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(
                folder / _FILE,
                ways=np.array(self._examples.ways),
                weights=self._examples.weights.astype(np.float16),
            )
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LanguageDecision":
        """What `train` wrote."""
        with model_storage.read_from(resource) as folder:
            stored = np.load(folder / _FILE)
            examples = LanguageExamples(
                stored["ways"].tolist(), stored["weights"].astype(np.float32)
            )
        return cls(config, model_storage, resource, examples)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `language` = {code, confidence, source} in what a parse contains."""
        for message in messages:
            metadata = message.get(METADATA) or {}
            decision = decide(
                message.get(TEXT) or "",
                self._examples,
                current=_text(metadata, LANGUAGE),
                hint=_text(metadata, LANGUAGE_HINT),
            )
            message.set(LANGUAGE, asdict(decision), add_to_output=True)
        return messages


def _text(metadata: dict[str, Any], key: str) -> str | None:
    value = metadata.get(key)
    return value if isinstance(value, str) else None


def languages_of_examples(folder: str) -> dict[str, str]:
    """The language of each example that stands in exactly one language's file."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for code in codes():
        path = ROOT / folder / f"{code}.yml"
        if not path.exists():
            continue
        blocks = yaml.load(path.read_bytes(), yaml.CSafeLoader).get("nlu") or []
        texts = {
            line.removeprefix("- ").strip()
            for block in blocks
            for line in block.get("examples", "").splitlines()
        }
        shared |= texts & found.keys()
        found.update(dict.fromkeys(texts, code))
    return {text: code for text, code in found.items() if text and text not in shared}
