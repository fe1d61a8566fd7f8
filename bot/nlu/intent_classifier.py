"""The intent of a message, by `IntentModel`; what is not familiar is not pretended to be known."""

# No `from __future__ import annotations`: Rasa reads these signatures at run time.
import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import (
    ENTITIES,
    FEATURE_TYPE_SENTENCE,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import encoder
from bot.nlu.calibration import DANGER
from bot.nlu.clauses import clauses
from bot.nlu.danger_phrases import tells_of_danger
from bot.nlu.intent_features import Floats
from bot.nlu.intent_model import IntentModel, Judgement
from bot.nlu.language_decision import LANGUAGE
from bot.nlu.names_alone import intent_of_names
from bot.nlu.normalize import clean
from bot.nlu.paths import ENCODER, fingerprint_of_code

logger = logging.getLogger(__name__)

FALLBACK = "nlu_fallback"
RANKING_LENGTH = 10
ALSO_ASKED = "also_asked"
"""What a parse contains of a second question in the same message."""
QUESTION = "ask_"
ALSO_QUESTIONS = ("check_eligibility", "request_information", "check_request", "request_human")
"""What one may ask beside a question, too. Each begins a dialogue of its own, so none of them is
what is answered first and has others offered below it."""
SAID_IN_PASSING = "ask_voluntary_return"
"""Seldom a second question: "if I go back of my own will" stands in many a question."""
LONGEST_QUESTIONS = 200
"""Characters: in a long story the sentences around the question are no questions."""
CERTAIN = 0.65
"""Of a part of a message, before somebody is told that they asked a second thing. At 0.8 seven of a
hundred messages that ask two things are missed more, and five of a thousand that ask one fewer are
taken for such."""

_FILE = "intents.npz"


class UntrainedError(Exception):
    """A message came before any example."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MeaningClassifier(IntentClassifier, GraphComponent):
    """Sets `intent` and `intent_ranking`.

    `nlu_fallback` when nothing is familiar enough; the ranking then still names what is nearest.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that come before this one."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be installed."""
        return ["scipy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set: thresholds come from the examples."""
        return {}

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        """Judges with `model`, once there is one."""
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "MeaningClassifier":
        """Untrained."""
        return cls(model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """See `fingerprint_of_code`."""
        return fingerprint_of_code()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples with an intent, and keep what was learned."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        self._model = IntentModel.learn(
            [clean(message.get(TEXT)) for message in examples],
            np.concatenate([_vector(message) for message in examples]),
            [message.get(INTENT) for message in examples],
        )
        logger.info("Intents: %d examples, %s.", len(examples), self._model.calibration)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / _FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "MeaningClassifier":
        """What `train` kept."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentModel.load(folder / _FILE))

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent` and `intent_ranking`. Raises UntrainedError."""
        if self._model is None:
            raise UntrainedError("No model: run `make train`.")
        for message in messages:
            text = message.get(TEXT) or ""
            (judgement,) = self._model.judge([clean(text)], _vector(message))
            spoken = (message.get(LANGUAGE) or {}).get("code", "")
            name, confidence = _decision(text, spoken, judgement, message.get(ENTITIES) or [])
            may_ask_more = (_asks(name) or name == FALLBACK) and len(text) <= LONGEST_QUESTIONS
            parts = self._parts(text, spoken) if may_ask_more else []
            if name == FALLBACK:
                name, confidence = _first_of_two(parts) or (name, confidence)
            message.set(INTENT, _entry(name, confidence), add_to_output=True)
            message.set(ALSO_ASKED, _also_asked(name, parts), add_to_output=True)
            message.set(
                INTENT_RANKING_KEY,
                _ranking(name, confidence, judgement.ranking),
                add_to_output=True,
            )
        return messages

    def _parts(self, text: str, language: str) -> list[Judgement]:
        """Each part of a message that may ask something else than another part, judged alone."""
        assert self._model is not None
        parts = [clean(part) for part in clauses(text, language)]
        if not parts:
            return []
        # The spelling costs nothing and keeps 98 of 100 messages that do ask two things; of those
        # that only have two parts it lets 40 of 100 go on to the encoder.
        guesses = self._model.likeliest_by_spelling(parts)
        asked = {part: one for part, one in zip(parts, guesses, strict=True) if _may_ask(one)}
        if len(set(asked.values())) < 2:
            return []
        return self._model.judge(list(asked), encoder.opened(ENCODER).encode(list(asked)))


def _asks(intent: str) -> bool:
    return intent.startswith(QUESTION)


def _may_ask(intent: str) -> bool:
    return _asks(intent) or intent in ALSO_QUESTIONS


def _asked(parts: list[Judgement]) -> dict[str, float]:
    """The questions of the parts that are certain, in order, and how certain."""
    asked: dict[str, float] = {}
    for part in parts:
        intent = part.ranking[0][0]
        if part.confidence >= CERTAIN and _may_ask(intent):
            asked.setdefault(intent, part.confidence)
    return asked


def _first_of_two(parts: list[Judgement]) -> tuple[str, float] | None:
    """Of a message that is not familiar as a whole: the first of two questions that are."""
    asked = list(_asked(parts).items())
    return asked[0] if len(asked) > 1 and _asks(asked[0][0]) else None


def _also_asked(name: str, parts: list[Judgement]) -> list[str]:
    """Other questions in the message, in order; one of its parts must be what was understood."""
    if name not in [part.ranking[0][0] for part in parts]:
        return []
    return [one for one in _asked(parts) if one not in (name, SAID_IN_PASSING)]


def _decision(
    text: str, language: str, judgement: Judgement, entities: list[dict[str, Any]]
) -> tuple[str, float]:
    """The intent to act on, and how sure."""
    if not text.strip():
        return FALLBACK, 1.0 - judgement.confidence
    first = judgement.ranking[0][0]
    phrase = tells_of_danger(text, language)
    if not phrase and first != DANGER:
        by_names = intent_of_names(text, entities)
        if by_names is not None:
            return by_names, 0.95
    if phrase or judgement.danger:
        # A false alarm costs a sentence, a missed one perhaps a life.
        probability = dict(judgement.ranking).get(DANGER, 0.0)
        return DANGER, judgement.confidence if first == DANGER else max(probability, 0.5)
    if not judgement.familiar:
        return FALLBACK, 1.0 - judgement.confidence
    return first, judgement.confidence


def _ranking(
    name: str, confidence: float, ranking: list[tuple[str, float]]
) -> list[dict[str, Any]]:
    """The decision first, then the model's ranking; a fallback is not itself a topic."""
    topics = [(intent, p) for intent, p in ranking if intent != name]
    if name != FALLBACK:
        topics = [(name, confidence), *topics]
    return [_entry(intent, p) for intent, p in topics[:RANKING_LENGTH]]


def _entry(name: str, confidence: float) -> dict[str, Any]:
    return {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}


def _vector(message: Message) -> Floats:
    """The sentence vector, (1, dimensions)."""
    # Not Rasa's get_dense_features, which sorts and joins: ten times as long for every example.
    for features in message.features:
        if (features.attribute, features.type) == (TEXT, FEATURE_TYPE_SENTENCE):
            vector: Floats = features.features
            return vector
    raise UntrainedError("No sentence vector: SentenceVectors must come before.")
