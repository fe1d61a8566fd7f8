"""Splits texts into words, for every script, by spaCy's rules."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language as SpacyLanguage

LONGEST = 4096
"""Characters that are read: Telegram sends no more."""

_RUN = re.compile(r"\S{1,80}")
_LONG_RUN = re.compile(r"\S{81}")

_ALSO_BETWEEN = (r"(?<=\w)['’ʼ`´/\\_+](?=\w)", r"(?<=\w)-(?=\w)", r"(?<=\w)[.,;:!?](?=[^\W\d])")
"""Marks that part words: l'Irak, Türkiye'ye, N/F, F-Ausweis, 'return.How'."""

_ETHIOPIC = "[፠-፨]"


@functools.lru_cache(maxsize=1)
def nlp() -> SpacyLanguage:
    """spaCy's rules for all languages, with our separators. Opened once a process."""
    # Not above: training needs no words, and spaCy takes a second to import.
    import spacy
    from spacy.attrs import IS_SPACE  # type: ignore[import-not-found]  # it is compiled
    from spacy.util import compile_infix_regex, compile_suffix_regex

    language = spacy.blank("xx")
    # spaCy's "xx" knows no Ethiopic marks; they are written to the word or between two.
    infixes = [*language.Defaults.infixes, *_ALSO_BETWEEN, _ETHIOPIC]  # type: ignore[misc]
    suffixes = [*language.Defaults.suffixes, _ETHIOPIC]  # type: ignore[misc]
    # Of a word it has not seen spaCy finds out twenty things; all we ask is whether it is a space.
    vocabulary: Any = language.vocab
    vocabulary.lex_attr_getters = {IS_SPACE: vocabulary.lex_attr_getters[IS_SPACE]}
    tokenizer: Any = language.tokenizer
    tokenizer.suffix_search = compile_suffix_regex(suffixes).search
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    tokenizer.url_match = re.compile(r"https?://\S+", re.IGNORECASE).match
    return language


def words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, each with its place: (word, start, end). No spaces; takes any str.

    Raises nothing; a text without a word is one word.
    """
    # What spaCy remembers of the words of messages must go with them, or the process grows.
    with nlp().memory_zone():
        return words_of_name(text)


def words_of_name(text: str) -> list[tuple[str, int, int]]:
    """Like `words`, for texts of our own: their words stay in memory, which is faster."""
    text = text[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    found = [
        (token.text, start + token.idx, start + token.idx + len(token.text))
        for start, end in _parts(text)
        for token in nlp().make_doc(text[start:end])
        if not token.is_space
    ]
    return found or [(text, 0, len(text))]


def _parts(text: str) -> list[tuple[int, int]]:
    """The whole text; in pieces where somebody wrote on and on without a space.

    spaCy takes marks off such a run one by one and looks at all of the rest each time.
    """
    if not _LONG_RUN.search(text):
        return [(0, len(text))]
    return [run.span() for run in _RUN.finditer(text)]
