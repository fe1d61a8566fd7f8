"""Finds countries, programmes, permits, places, topics, references, languages and numbers."""

# No `from __future__ import annotations`: Rasa reads these signatures at run time.
import functools
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.finding import NameFinder
from bot.nlu.language_decision import LANGUAGE
from bot.nlu.names import parted
from bot.nlu.names_cache import kept_finder


@functools.lru_cache(maxsize=1)
def finder() -> NameFinder:
    """All names, read once a process."""
    return kept_finder()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Names(GraphComponent, EntityExtractorMixin):
    """Adds entities from the names in content/places and content/programmes. Trains nothing.

    `Tokens` must come before.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be installed; for spaCy see `Tokens`."""
        return ["babel", "rapidfuzz"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Names":
        """Reads nothing yet: training does not need the names."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds to `entities`, in the order of the text."""
        for message in messages:
            decided = message.get(LANGUAGE) or {}
            tokens = message.get(TOKENS_NAMES[TEXT]) or []
            words = parted((t.text, t.lemma, t.start, t.end) for t in tokens)
            text = message.get(TEXT) or ""
            found = finder().find(text, decided.get("code"), parted=words)
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages
