"""Words with holes, and what fills them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from wegweiser.texts import FALLBACK, PLACEHOLDER, TextsError, texts

logger = logging.getLogger(__name__)


class Incomplete(Exception):
    """A placeholder has no value; the text is its name."""


class Values(Mapping[str, str]):
    """Values for placeholders: an action's before slots, slots before figures."""

    def __init__(self, language: str, slots: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        self._own = (values, slots)
        self._language = language

    def __getitem__(self, name: str) -> str:
        for source in self._own:
            value = source.get(name)
            # An empty slot is no value: nobody is told "None".
            if value is not None and value != "":
                return _as_text(value)
        return str(_figures(self._language)[name])

    def __iter__(self) -> Iterator[str]:
        return iter({name for source in self._own for name in source})

    def __len__(self) -> int:
        return len({name for source in self._own for name in source})


def complete(text: str, values: Mapping[str, str]) -> str:
    """A text with every placeholder filled.

    Raises:
        Incomplete: one of them has no value.
    """
    try:
        return PLACEHOLDER.sub(lambda match: values[match[1]], text)
    except KeyError as missing:
        raise Incomplete(missing.args[0]) from missing


def title(key: str, language: str, default: str = "") -> str:
    """The words on a button; a title that is no key is words already (a programme, a country)."""
    for code in (language, FALLBACK):
        try:
            words = texts(code).buttons.get(key)
        except TextsError:
            continue
        if words:
            return words
    return default or key


def _as_text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@lru_cache(maxsize=1)
def _source() -> Any:
    """``wegweiser.figures.figures``, imported when first needed: it reads all programmes."""
    from wegweiser.figures import figures

    return figures


def _figures(language: str) -> Mapping[str, str]:
    try:
        found: Mapping[str, str] = _source()(language)
    except Exception as error:  # noqa: BLE001 - broken content must not silence an answer
        logger.error("figures.broken language=%s error=%s", language, type(error).__name__)
        return {}
    return found
