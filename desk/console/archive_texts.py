"""Texts for the archive as the desk shows them: what looks like personal data is marked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from desk.archive_scan import scan
from desk.archive_search import NEAR, VERY_NEAR
from desk.archiving import Written
from desk.personal_data import Kind

KINDS = {
    Kind.EMAIL: gettext_noop("mail address"),
    Kind.PHONE: gettext_noop("phone number"),
    Kind.CASE_NUMBER: gettext_noop("case number"),
    Kind.DATE_OF_BIRTH: gettext_noop("date of birth"),
    Kind.NAME: gettext_noop("name"),
}


@dataclass(frozen=True)
class Piece:
    """Part of a text; ``kind`` says what it looks like, empty for the rest."""

    text: str
    kind: str = ""
    is_harmless: bool = False


@dataclass(frozen=True)
class Suspect:
    """A passage that has to go, or to be confirmed."""

    passage: str
    kind: str
    is_harmless: bool


@dataclass(frozen=True)
class Marked:
    """Question and answer in one language, in pieces."""

    written: Written
    question: list[Piece]
    text: list[Piece]


def marked(
    texts: Iterable[Written], names: Collection[str], harmless: Collection[str]
) -> list[Marked]:
    """The texts with every passage that looks like personal data as a piece of its own.

    ``names`` are those that may stand in none of them (``desk.archiving.names_for``).
    """
    return [
        Marked(one, _pieces(one.question, names, harmless), _pieces(one.text, names, harmless))
        for one in texts
    ]


def _pieces(text: str, names: Collection[str], harmless: Collection[str]) -> list[Piece]:
    pieces, end = [], 0
    for found in scan(text, names):
        pieces.append(Piece(text[end : found.start]))
        kind = gettext(KINDS[found.kind])
        passage = text[found.start : found.end]
        pieces.append(Piece(passage, kind, found.passage in harmless))
        end = found.end
    return [piece for piece in (*pieces, Piece(text[end:])) if piece.text]


def suspects(
    texts: Iterable[Written], names: Collection[str], harmless: Collection[str]
) -> list[Suspect]:
    """Each passage once."""
    every = (text for one in texts for text in (one.question, one.text))
    found = {one.passage: one.kind for text in every for one in scan(text, names)}
    return [
        Suspect(passage, gettext(KINDS[kind]), passage in harmless)
        for passage, kind in found.items()
    ]


def nearness(cosine: float | None) -> str:
    """How near two questions are, in words."""
    if cosine is None:
        return gettext("same topic")
    if cosine >= VERY_NEAR:
        return gettext("very similar question")
    return gettext("similar question") if cosine >= NEAR else gettext("somewhat similar question")
