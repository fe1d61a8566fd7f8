"""The words of the assistant, one file a language: ``content/answers/<language>.yml``.

A file holds Rasa's ``responses`` (variations and ``condition:``), the words on ``buttons``, single
``words`` that sentences are made of, and the labels of the web ``chat``. Files are read again when
they change; a broken file is reported with line and remedy, and the last good version stays.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from wegweiser.settings import ROOT

logger = logging.getLogger(__name__)

ANSWERS = ROOT / "content" / "answers"
LANGUAGES = ROOT / "content" / "languages.yml"
SKELETON = ROOT / "content" / "skeleton.yml"
FALLBACK = "en"
LOOK_EVERY_S = 1.0
SECTIONS = ("buttons", "words", "chat", "responses")
PLACEHOLDER = re.compile(r"{([^\n{}]+)}")


class TextsError(Exception):
    """A text file can't be read; the message names file, line and remedy."""


@dataclass(frozen=True)
class Language:
    """A language of ``content/languages.yml``."""

    code: str
    name: str
    rtl: bool = False


@dataclass(frozen=True)
class LanguageTexts:
    """All texts of one language; ``words`` and ``chat`` are flat: ``topic.medical``."""

    language: str
    rtl: bool
    responses: dict[str, list[dict[str, Any]]]
    buttons: dict[str, str]
    words: dict[str, str]
    chat: dict[str, str]
    reviewed: frozenset[str]
    """Keys that a speaker of the language has checked."""

    @property
    def fully_reviewed(self) -> bool:
        return self.reviewed >= set(self.responses)


@dataclass
class _Loaded:
    texts: LanguageTexts
    changed_ns: int
    looked_at: float = field(default_factory=time.monotonic)


_loaded: dict[str, _Loaded] = {}


@lru_cache(maxsize=1)
def all_languages() -> tuple[Language, ...]:
    """Every language that Wegweiser is meant for, in order."""
    rows = YAML(typ="safe").load(LANGUAGES.read_text("utf-8"))
    return tuple(Language(row["code"], row["name"], bool(row.get("rtl"))) for row in rows)


def languages() -> tuple[Language, ...]:
    """The languages the assistant speaks: those with a text file."""
    return _with_texts(ANSWERS, int(time.monotonic() / LOOK_EVERY_S))


@lru_cache(maxsize=1)
def _with_texts(folder: Path, now: int) -> tuple[Language, ...]:
    return tuple(one for one in all_languages() if (folder / f"{one.code}.yml").exists())


def texts(language: str) -> LanguageTexts:
    """The texts of a language, English when there are none; changed files are read again.

    Raises:
        TextsError: the file was never read well since the process began.
    """
    path = ANSWERS / f"{language}.yml"
    known = _loaded.get(language)
    if known and time.monotonic() - known.looked_at < LOOK_EVERY_S:
        return known.texts
    if not re.fullmatch(r"[a-z]{2,3}", language) or not path.exists():
        if language == FALLBACK:
            raise TextsError(f"{path}: missing. Every text falls back to it; restore the file.")
        return texts(FALLBACK)
    changed = path.stat().st_mtime_ns
    if known and known.changed_ns == changed:
        known.looked_at = time.monotonic()
        return known.texts
    try:
        loaded = _Loaded(read(path), changed)
    except TextsError as broken:
        if known is None:
            raise
        logger.error("texts.broken language=%s kept=last_good %s", language, broken)
        known.changed_ns, known.looked_at = changed, time.monotonic()
        return known.texts
    _loaded[language] = loaded
    return loaded.texts


def read(path: Path) -> LanguageTexts:
    """Read one text file.

    Raises:
        TextsError: not YAML, a section missing, or a response without a text.
    """
    try:
        raw = YAML(typ="safe").load(path.read_text("utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise TextsError(
            f"{path}:{line}: not valid YAML ({error.problem}). "
            "Check the indentation, and put texts with a colon in quotes."
        ) from error
    missing = [section for section in ("language", *SECTIONS) if section not in (raw or {})]
    if missing:
        raise TextsError(
            f"{path}: section {', '.join(missing)} missing. Copy its shape from {FALLBACK}.yml."
        )
    for key, variations in raw["responses"].items():
        if not isinstance(variations, list) or not all(
            isinstance(one, dict) and isinstance(one.get("text"), str) and one["text"].strip()
            for one in variations
        ):
            raise TextsError(
                f"{path}: responses.{key}: needs a list of '- text: ...' as in {FALLBACK}.yml."
            )
    rtl = {one.code: one.rtl for one in all_languages()}
    return LanguageTexts(
        language=raw["language"],
        rtl=rtl.get(raw["language"], False),
        responses={key: [dict(one) for one in some] for key, some in raw["responses"].items()},
        buttons={key: str(text) for key, text in raw["buttons"].items()},
        words=_flat(raw["words"]),
        chat=_flat(raw["chat"]),
        reviewed=frozenset(raw.get("reviewed") or ()),
    )


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat


def skeleton() -> Mapping[str, list[dict[str, str]]]:
    """Every response with the buttons under it: ``{"title": <key of buttons>, "payload": ...}``."""
    return _skeleton(SKELETON.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _skeleton(changed_ns: int) -> Mapping[str, list[dict[str, str]]]:
    loaded: dict[str, list[dict[str, str]]] = YAML(typ="safe").load(SKELETON.read_text("utf-8"))
    return loaded


def button(language: str, key: str) -> str:
    """The words on a button; English where the language has none yet."""
    return texts(language).buttons.get(key) or texts(FALLBACK).buttons[key]


def word(language: str, key: str) -> str:
    """A single word or short phrase; English where the language has none yet."""
    return texts(language).words.get(key) or texts(FALLBACK).words[key]


def response(language: str, key: str, values: Mapping[str, str] | None = None) -> str:
    """The text of a response outside a dialogue (the desk writes to a person).

    Raises:
        KeyError: no such response, or a placeholder without a value: a fault of ours.
    """
    variations = texts(language).responses.get(key) or texts(FALLBACK).responses[key]
    plain = next((one for one in variations if "condition" not in one), variations[0])
    return fill(plain["text"], values or {})


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into ``{name}`` placeholders.

    >>> fill("up to {ch.raz.start_money.adult}", {"ch.raz.start_money.adult": "CHF 1"})
    'up to CHF 1'
    """
    return PLACEHOLDER.sub(lambda match: str(values[match[1]]), text)
