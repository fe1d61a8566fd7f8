"""Reads one programme file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from programmes.comparisons import FactIs, OneOf
from programmes.logic import Expression
from programmes.model import (
    BENEFIT_KINDS,
    GROUPS,
    Benefit,
    Condition,
    Dated,
    Programme,
    Rate,
    Sourced,
    Weight,
)
from programmes.reading_rules import HOLDS, RuleReader, facts_read
from programmes.reading_values import SOURCED_KEYS, SourceReader, amount, dated, identifier
from programmes.yamltree import Tree

REQUIRED = (
    "id",
    "names",
    "host_country",
    "operator",
    "decides",
    "apply_through",
    "summary",
    "owner",
    "review_by",
    *SOURCED_KEYS,
    "benefits",
)
OPTIONAL = (
    "also_called",
    "valid_from",
    "valid_until",
    "conditions",
    "caveats",
    "remarks",
    "see_also",
    "note",
)
SECTIONS: Mapping[str, Weight] = MappingProxyType(
    {"conditions": "decides", "caveats": "caveat", "remarks": "remark"}
)
CURRENCY = {"CH": ("CHF", "EUR"), "DE": ("EUR",)}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)?")


@dataclass(frozen=True)
class ProgrammeReader:
    """Reads programme files against shared rules, lists and sources."""

    rules: RuleReader
    sources: SourceReader
    shared: Mapping[str, Tree]
    expressions: dict[tuple[str, int], Expression] = field(default_factory=dict)

    def programme(self, tree: Tree) -> Programme:
        """The programme in a file; problems are noted in the tree."""
        fields = tree.mapping(required=REQUIRED, optional=OPTIONAL)
        review_by = fields["review_by"].day() if "review_by" in fields else date.max
        reader = replace(self, sources=self.sources.with_review(review_by))
        sourced = reader.sources.sourced(fields)
        host = fields["host_country"].one_of(tuple(CURRENCY)) if "host_country" in fields else "CH"
        start, end = _day(fields, "valid_from"), _day(fields, "valid_until")
        if start and end and end < start:
            fields["valid_until"].problem("is before valid_from.", "Correct one of the two days.")
        if "see_also" in fields:
            self.rules.mentioned.extend(fields["see_also"].each())
        return Programme(
            id=identifier(fields["id"]) if "id" in fields else "",
            names=_names(fields),
            also_called=_texts(fields, "also_called"),
            host_country=host,
            operator=_text(fields, "operator"),
            decides=_text(fields, "decides"),
            apply_through=_text(fields, "apply_through"),
            summary=_text(fields, "summary"),
            valid_from=start,
            valid_until=end,
            owner=_text(fields, "owner"),
            sourced=sourced,
            conditions=(_host(host, sourced), *reader.conditions(fields)),
            benefits=reader.benefits(fields, host),
            see_also=_texts(fields, "see_also"),
            file=tree.file,
            line=tree.line,
        )

    def conditions(self, fields: Mapping[str, Tree]) -> tuple[Condition, ...]:
        """All rules of a programme, in the order of the file."""
        found: list[Condition] = []
        for section, weight in SECTIONS.items():
            if section in fields:
                for item in fields[section].each():
                    condition = self._condition(self._shared(item), weight)
                    if condition.id in {"host_country", *(known.id for known in found)}:
                        item.problem(f"the id {condition.id!r} is taken.", "Choose another id.")
                    found.append(condition)
        return tuple(found)

    def _shared(self, item: Tree) -> Tree:
        if item.fields is None or "use" not in item.fields:
            return item
        name = item.mapping(required=("use",))["use"]
        rule = self.shared.get(name.text())
        if rule is None:
            name.problem("is no shared rule.", "Use: " + ", ".join(sorted(self.shared)) + ".")
            return Tree(item.file, item.line, item.key, item.problems, fields={})
        return rule

    def _condition(self, tree: Tree, weight: Weight) -> Condition:
        if tree.fields == {}:
            return Condition("", "", HOLDS, (), weight, self.sources.sourced({}))
        needs_key = "when" if weight == "remark" else "needs"
        required = ["id", "says", *SOURCED_KEYS, *([] if weight == "remark" else ["needs"])]
        optional = ["from", "until", "suspends", "review_by", "note"]
        fields = tree.mapping(
            required=required, optional=[*optional, "when"] if weight == "remark" else optional
        )
        needs = self._expression(fields[needs_key]) if needs_key in fields else HOLDS
        return Condition(
            id=identifier(fields["id"]) if "id" in fields else "",
            says=_text(fields, "says"),
            needs=needs,
            reads=facts_read(needs),
            weight=weight,
            sourced=self.sources.sourced(fields),
            starts=_day(fields, "from"),
            ends=_day(fields, "until"),
            suspends=fields["suspends"].flag() if "suspends" in fields else False,
            line=tree.line,
        )

    def _expression(self, tree: Tree) -> Expression:
        """The expression of a rule; a shared one is the same for all who use it."""
        place = (tree.file, tree.line)
        if place not in self.expressions:
            self.expressions[place] = self.rules.expression(tree)
        return self.expressions[place]

    def benefits(self, fields: Mapping[str, Tree], host: str) -> tuple[Benefit, ...]:
        """What the programme gives, one benefit a kind."""
        found: list[Benefit] = []
        for item in fields["benefits"].each() if "benefits" in fields else ():
            benefit = self._benefit(item, host)
            if benefit.kind in {known.kind for known in found}:
                item.problem(f"the kind {benefit.kind} is listed twice.", "Use `rates:` instead.")
            found.append(benefit)
        return tuple(found)

    def _benefit(self, tree: Tree, host: str) -> Benefit:
        keys = ("kind", "says", *SOURCED_KEYS)
        fields = tree.mapping(required=keys, optional=("when", "rates", "note", "review_by"))
        rates = fields["rates"].each() if "rates" in fields else ()
        return Benefit(
            kind=fields["kind"].one_of(BENEFIT_KINDS) if "kind" in fields else BENEFIT_KINDS[0],
            says=_text(fields, "says"),
            when=self.rules.expression(fields["when"]) if "when" in fields else HOLDS,
            rates=tuple(self._rate(rate, host) for rate in rates),
            sourced=self.sources.sourced(fields),
        )

    def _rate(self, tree: Tree, host: str) -> Rate:
        fields = tree.mapping(
            required=("id", "currency", *SOURCED_KEYS),
            optional=("when", "says", "cap", "note", "review_by", *GROUPS),
        )
        amounts: dict[str, Dated[int | None]] = {
            group: dated(fields[group], amount) for group in GROUPS if group in fields
        }
        if not amounts:
            tree.problem("has no amount.", "Add one of: " + ", ".join(GROUPS) + ".")
        currency = fields["currency"].one_of(CURRENCY[host]) if "currency" in fields else "EUR"
        return Rate(
            id=identifier(fields["id"]) if "id" in fields else "",
            currency=currency,
            amounts=MappingProxyType(amounts),
            cap=dated(fields["cap"], amount) if "cap" in fields else None,
            when=self.rules.expression(fields["when"]) if "when" in fields else HOLDS,
            sourced=self.sources.sourced(fields),
            says=_text(fields, "says") if "says" in fields else "",
        )


def _host(country: str, sourced: Sourced) -> Condition:
    where = {"CH": "Switzerland", "DE": "Germany"}[country]
    says = f"The programme is for people who live in {where}."
    needs = FactIs("host_country", OneOf(frozenset({country})))
    return Condition("host_country", says, needs, ("host_country",), "decides", sourced)


def _text(fields: Mapping[str, Tree], name: str) -> str:
    return fields[name].text() if name in fields else ""


def _texts(fields: Mapping[str, Tree], name: str) -> tuple[str, ...]:
    return tuple(item.text() for item in fields[name].each()) if name in fields else ()


def _day(fields: Mapping[str, Tree], name: str) -> date | None:
    return fields[name].day() if name in fields else None


def _names(fields: Mapping[str, Tree]) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for language, child in fields["names"].entries() if "names" in fields else ():
        if not _LANGUAGE.fullmatch(language):
            child.problem(f"`{language}` is no language.", "Use a code such as de, fr, en.")
        names[language] = child.text()
    return MappingProxyType(names)
