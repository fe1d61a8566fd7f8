"""Words for Rasa: spaCy's tokens, with the folded spelling as their lemma."""

# No `from __future__ import annotations`: Rasa reads these signatures at run time.
from typing import Any, List  # noqa: UP035

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.normalize import fold
from bot.nlu.words import words


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class Tokens(Tokenizer):
    """Splits messages into words; see `words`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What Rasa's base class reads; intents are never split."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def required_packages() -> List[str]:  # noqa: UP006
        """None that Rasa should look for: it would import spaCy, which training does without."""
        return []

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves examples whole: nothing is learned from tokens, and Rasa would hash each twice."""
        return training_data

    def tokenize(self, message: Message, attribute: str) -> List[Token]:  # noqa: UP006
        """At least one token, whatever the text."""
        text: str = message.get(attribute)
        return [
            Token(word, start, end, lemma=fold(word) or word) for word, start, end in words(text)
        ]
