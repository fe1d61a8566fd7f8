"""Reads what rule files share: sources, dated values, country lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from programmes.codes import COUNTRIES
from programmes.model import CONFIDENCES, Confidence, CountryList, Dated, Source, Sourced
from programmes.yamltree import Tree

SOURCED_KEYS = ("source", "confidence")
_AS_OF = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")

T = TypeVar("T")


def identifier(tree: Tree) -> str:
    """A name made of small letters, digits, underscores and dots."""
    text = tree.text()
    if text and not _ID.fullmatch(text):
        tree.problem("is no id.", "Use small letters, digits, underscores, and dots between.")
    return text


def dated(tree: Tree, read: Callable[[Tree], T]) -> Dated[T]:
    """A value for each day it takes effect, in order of days."""
    steps: list[tuple[date, T]] = []
    for written, child in tree.entries():
        try:
            day = date.fromisoformat(written)
        except ValueError:
            child.problem(f"`{written}` is no day.", "Write the day it takes effect, YYYY-MM-DD.")
            continue
        if steps and day <= steps[-1][0]:
            child.problem("is out of order.", "Put the days in order, the earliest first.")
        steps.append((day, read(child)))
    return Dated(tuple(steps))


def amount(tree: Tree) -> int | None:
    """An amount in whole units, or null for "no longer paid"."""
    return None if _is_null(tree) else tree.whole()


def _is_null(tree: Tree) -> bool:
    return tree.scalar is None and tree.fields is None and tree.items is None


def read_sources(tree: Tree) -> dict[str, Source]:
    """The sources that rule files cite."""
    sources: dict[str, Source] = {}
    for source_id, child in tree.entries():
        fields = child.mapping(required=("cite", "as_of"), optional=("address", "note"))
        if "cite" not in fields or "as_of" not in fields:
            continue
        address = fields["address"].text() if "address" in fields else ""
        sources[source_id] = Source(
            source_id, fields["cite"].text(), as_of(fields["as_of"]), address
        )
    return sources


def as_of(tree: Tree) -> str:
    """The year, month or day that a text shows."""
    text = tree.written()
    if not _AS_OF.fullmatch(text):
        tree.problem("is no date.", "Write YYYY, YYYY-MM or YYYY-MM-DD, as the source shows it.")
    return text


@dataclass(frozen=True)
class SourceReader:
    """Reads where a statement is from, against the known sources."""

    sources: Mapping[str, Source]
    review_by: date = date.max

    def with_review(self, day: date) -> SourceReader:
        """The same for statements that must be looked at again by a day."""
        return SourceReader(self.sources, day)

    def sourced(self, fields: Mapping[str, Tree]) -> Sourced:
        """Source, confidence and review day among the fields of a statement."""
        source = Source("", "", "")
        if "source" in fields:
            tree = fields["source"]
            name = tree.text()
            if name in self.sources:
                source = self.sources[name]
            elif name:
                remedy = "Add it to sources.yml with `cite` and `as_of`, or correct the name."
                tree.problem("is no source.", remedy)
        confidence: Confidence = "I"
        if "confidence" in fields:
            word = fields["confidence"].one_of(CONFIDENCES)
            confidence = next(known for known in CONFIDENCES if known == word)
        review_by = fields["review_by"].day() if "review_by" in fields else self.review_by
        return Sourced(source, confidence, review_by)


def read_lists(tree: Tree, sources: SourceReader) -> dict[str, CountryList]:
    """The named country lists."""
    lists: dict[str, CountryList] = {}
    for list_id, child in tree.entries():
        fields = child.mapping(
            required=("says", "countries", "review_by", *SOURCED_KEYS), optional=("note",)
        )
        if "countries" not in fields:
            continue
        says = fields["says"].text() if "says" in fields else ""
        versions = dated(fields["countries"], _countries)
        lists[list_id] = CountryList(list_id, says, versions, sources.sourced(fields))
    return lists


def _countries(tree: Tree) -> frozenset[str]:
    found: list[str] = []
    for item in tree.each():
        code = item.written()
        if code not in COUNTRIES:
            item.problem("is no country.", "Write a two-letter code (ISO 3166-1), XK for Kosovo.")
        elif code in found:
            item.problem("is on the list twice.", "Keep one.")
        found.append(code)
    return frozenset(found)
