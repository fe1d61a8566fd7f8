"""Gives every message its sentence vector, as a dense feature."""

# No `from __future__ import annotations`: Rasa reads these signatures at run time.
import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import encoder
from bot.nlu.normalize import clean
from bot.nlu.paths import ROOT, fingerprint_of_code
from bot.nlu.vector_cache import VectorCache

logger = logging.getLogger(__name__)

_MOST_AHEAD = 64
_ahead: dict[str, encoder.Vectors] = {}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectors(DenseFeaturizer, GraphComponent):
    """Adds `encoder`'s vector of the cleaned text; in training, kept on disk by text."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`encoder` and `cache` are folders, relative to the project."""
        return {
            **DenseFeaturizer.get_default_config(),
            "encoder": "var/encoder",
            "cache": "var/vectors",
            "threads": 2,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be installed."""
        return ["onnxruntime", "sentencepiece"]

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Opens nothing yet."""
        super().__init__(name, config)
        self._folder: Path = ROOT / config["encoder"]
        self._cache: Path = ROOT / config["cache"]
        self._threads: int = config["threads"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceVectors":
        """Nothing of it is trained, so nothing is loaded either."""
        return cls(config, execution_context.node_name)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """See `fingerprint_of_code`."""
        folder = ROOT / {**cls.get_default_config(), **config}["encoder"]
        return fingerprint_of_code() + encoder.opened(folder).fingerprint

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Vectors for all examples. Raises encoder.EncoderMissingError."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        cache = VectorCache(self._cache, encoder.opened(self._folder, self._threads))
        texts = [clean(message.get(TEXT)) for message in messages]
        for message, vector in zip(messages, cache.encode(texts, _say), strict=True):
            self._add(message, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Vectors for messages as they come. Raises encoder.EncoderMissingError."""
        for message in messages:
            text = clean(message.get(TEXT) or "")
            vector = _ahead.pop(text, None)
            if vector is None:
                (vector,) = encoder.opened(self._folder, self._threads).encode([text])
            self._add(message, vector)
        return messages

    def _add(self, message: Message, vector: encoder.Vectors) -> None:
        message.add_features(
            Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
        )

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Any folder will do; a missing encoder is told when it is opened."""


def compute_ahead(text: str) -> None:
    """Keep the vector of a text whose turn begins; from a thread of its own.

    Most of a parse is spent here, without Python's lock: other turns go on meanwhile.
    """
    own = SentenceVectors.get_default_config()
    text = clean(text)
    (vector,) = encoder.opened(ROOT / own["encoder"], own["threads"]).encode([text])
    while len(_ahead) >= _MOST_AHEAD:  # of turns that ended before they were read
        _ahead.pop(next(iter(_ahead)), None)
    _ahead[text] = vector


def _say(done: int, of: int) -> None:
    logger.info("Sentence vectors: %d of %d new examples.", done, of)
