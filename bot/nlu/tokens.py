"""Words: spaCy's tokens for every script, with the folded spelling as their lemma."""

# No `from __future__ import annotations`: Rasa reads these signatures at run time.
import functools
import re
from typing import Any, List  # noqa: UP035

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from spacy.language import Language as SpacyLanguage
from spacy.util import compile_infix_regex

from bot.nlu.normalize import fold

LONGEST = 4096
"""Characters that are read: Telegram sends no more."""

_ALSO_BETWEEN = (r"(?<=\w)['’ʼ`´/\\_+](?=\w)", r"(?<=\w)-(?=\w)", r"(?<=\w)[.,;:!?](?=[^\W\d])")
"""Marks that part words: l'Irak, Türkiye'ye, N/F, F-Ausweis, 'return.How'."""


@functools.lru_cache(maxsize=1)
def nlp() -> SpacyLanguage:
    """spaCy's rules for all languages, with our separators. Opened once a process."""
    language = spacy.blank("xx")
    infixes = [*language.Defaults.infixes, *_ALSO_BETWEEN]  # type: ignore[misc]
    language.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    language.tokenizer.url_match = re.compile(r"https?://\S+", re.IGNORECASE).match
    return language


def words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, each with its place: (word, start, end). No spaces; takes any str.

    Raises nothing; a text without a word is one word.
    """
    text = text[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    language = nlp()
    with language.memory_zone():
        found = [
            (token.text, token.idx, token.idx + len(token.text))
            for token in language.make_doc(text)
            if not token.is_space
        ]
    return found or [(text, 0, len(text))]


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
        """Packages that must be installed."""
        return ["spacy"]

    def tokenize(self, message: Message, attribute: str) -> List[Token]:  # noqa: UP006
        """At least one token, whatever the text."""
        text: str = message.get(attribute)
        return [
            Token(word, start, end, lemma=fold(word) or word) for word, start, end in words(text)
        ]
