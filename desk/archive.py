"""The archive's door: answers of before that may help before a question is sent.

Only reads. What it gives is anonymous, approved by two people, and not older than a year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from desk import vectors
from desk.archive_search import FRESH_FOR, VERY_NEAR, for_country, ranked
from desk.models import ArchivedAnswer, ArchivedText
from wegweiser.texts import FALLBACK

MOST = 2
"""Shown in the chat: more would be a list to read, not a help."""
WORDS_IN_COMMON = 0.5
"""Of the shorter question's words, where no vectors can be had."""


@dataclass(frozen=True)
class Asked:
    """A question that is about to be sent to a counsellor."""

    question: str
    host_country: str
    topic: str
    language: str
    country: str = ""


@dataclass(frozen=True)
class Offer:
    """An answer of before; ``language`` is that of the text, the person's own if there is one."""

    question: str
    """As it was asked; empty where nobody wrote it down in this language."""
    text: str
    language: str
    valid_as_of: date


def offers(asked: Asked, today: date) -> list[Offer]:
    """At most ``MOST`` answers to (nearly) the same question; none is the usual case."""
    fitting = for_country(asked.country, asked.host_country).filter(
        topic=asked.topic, valid_as_of__gte=today - FRESH_FOR
    )
    if not asked.question.strip() or not fitting.exists():
        return []
    encoded = vectors.encode([asked.question], vectors.IN_THE_CHAT_S)
    found = [] if encoded is None else [one.answer for one in ranked(fitting, encoded, VERY_NEAR)]
    # Without a vector of the same encoder only the words can be compared.
    other = fitting if encoded is None else fitting.exclude(encoder=encoded.encoder)
    found += [one for one in other.prefetch_related("texts") if _alike(asked.question, one)]
    read = [_in_language(one, asked.language) for one in found[:MOST]]
    return [
        Offer(text.question, text.text, text.language, one.valid_as_of)
        for one, text in zip(found, read, strict=False)
        if text is not None
    ]


def _in_language(answer: ArchivedAnswer, language: str) -> ArchivedText | None:
    texts = [one for one in answer.texts.all() if one.text]
    preferred = (language, FALLBACK)
    texts.sort(key=lambda one: preferred.index(one.language) if one.language in preferred else 2)
    return texts[0] if texts else None


def _alike(question: str, answer: ArchivedAnswer) -> bool:
    said = _words(question)
    return any(_share(said, _words(one.question)) >= WORDS_IN_COMMON for one in answer.texts.all())


def _share(one: set[str], other: set[str]) -> float:
    fewer = min(len(one), len(other))
    # One word in common is a subject, not a question.
    return len(one & other) / fewer if fewer > 1 else 0.0


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{4,}", text.casefold()))
