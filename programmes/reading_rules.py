"""Reads expressions: the `needs` and `when` of rule files.

A group of keys holds when all of them hold. A key is a fact with the value it must have, or one of
`all`, `any`, `not`, `authority_may`, `programme`, `on_day`, `always`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from programmes.comparisons import (
    AtLeast,
    Below,
    Comparison,
    EnteredBefore,
    FactIs,
    OneOf,
    OnList,
    SameAs,
    WithinMonthsAfter,
)
from programmes.facts import FACTS, READ_AS_WHEN_MISSING, FactKind, FactSpec, FactValue
from programmes.logic import (
    All,
    Always,
    AnyOf,
    AuthorityMay,
    Expression,
    Not,
    OnDay,
    OtherProgramme,
)
from programmes.yamltree import Tree

WORDS = ("all", "any", "not", "authority_may", "programme", "on_day", "always")
OPERATORS: Mapping[FactKind, tuple[str, ...]] = {
    "choice": ("is", "in", "not_in"),
    "country": ("is", "in", "not_in", "same_as"),
    "flag": ("is",),
    "count": ("is", "at_least", "below", "entered_before"),
    "day": ("is", "within_months_after"),
}
HOLDS = All(())


@dataclass
class RuleReader:
    """Reads expressions against known country lists; notes programmes that they
    refer to, and those that a file only mentions."""

    list_names: frozenset[str]
    referred: list[tuple[Tree, str]] = field(default_factory=list)
    mentioned: list[Tree] = field(default_factory=list)

    def expression(self, tree: Tree) -> Expression:
        """The expression below a `needs` or `when`."""
        parts = tuple(self._entry(name, child) for name, child in tree.entries())
        if not parts and tree.fields is not None:
            tree.problem("is empty.", "Name a fact and the value it must have.")
        return parts[0] if len(parts) == 1 else All(parts)

    def _entry(self, name: str, tree: Tree) -> Expression:
        if name == "all":
            return All(self._each(tree))
        if name == "any":
            return AnyOf(self._each(tree))
        if name == "not":
            return Not(self.expression(tree))
        if name == "authority_may":
            return AuthorityMay(self.expression(tree))
        if name == "always":
            return Always(tree.flag())
        if name == "on_day":
            return _on_day(tree)
        if name == "programme":
            programme_id = tree.text()
            self.referred.append((tree, programme_id))
            return OtherProgramme(programme_id)
        if name in FACTS:
            return self._fact(FACTS[name], tree)
        tree.problem(
            f"`{name}` is neither a fact nor one of {', '.join(WORDS)}.",
            "Use one of those words or a fact: " + ", ".join(FACTS) + ".",
        )
        return HOLDS

    def _each(self, tree: Tree) -> tuple[Expression, ...]:
        return tuple(self.expression(item) for item in tree.each())

    def _fact(self, spec: FactSpec, tree: Tree) -> Expression:
        if tree.fields is None:
            return _leaf(spec, OneOf(self._values(spec, tree)), None)
        fields = tree.mapping(optional=(*OPERATORS[spec.kind], "when_missing"))
        missing = fields.pop("when_missing", None)
        word = missing.one_of(("no", "yes", "unknown")) if missing else None
        if len(fields) != 1:
            tree.problem("needs exactly one comparison.", "Use `all:` to combine two.")
            return HOLDS
        operator, value = next(iter(fields.items()))
        return _leaf(spec, self._test(spec, operator, value), word)

    def _test(self, spec: FactSpec, operator: str, tree: Tree) -> Comparison:
        if operator in ("in", "not_in") and tree.items is None:
            name = tree.text()
            if name not in self.list_names:
                tree.problem("is no list.", "Use: " + ", ".join(sorted(self.list_names)) + ".")
            return OnList(name, operator == "not_in")
        if operator in ("is", "in", "not_in"):
            return OneOf(self._values(spec, tree), operator == "not_in")
        if operator == "same_as":
            return SameAs(_fact_of_kind(spec.kind, tree))
        if operator == "at_least":
            return AtLeast(tree.whole())
        if operator == "below":
            return Below(tree.whole())
        if operator == "entered_before":
            return EnteredBefore(tree.day())
        return _within(tree)

    def _values(self, spec: FactSpec, tree: Tree) -> frozenset[FactValue]:
        found: set[FactValue] = set()
        for item in tree.items if tree.items is not None else (tree,):
            value = spec.read(item.scalar)
            if value is None:
                item.problem(f"is no value of {spec.name}.", f"Write {spec.expected()}.")
            else:
                found.add(value)
        return frozenset(found)


def _leaf(spec: FactSpec, test: Comparison, when_missing: str | None) -> FactIs:
    if when_missing is None and spec.name in READ_AS_WHEN_MISSING and isinstance(test, OneOf):
        read_as = READ_AS_WHEN_MISSING[spec.name]
        return FactIs(spec.name, test, (read_as in test.values) is not test.negated)
    meaning = {"yes": True, "no": False}
    return FactIs(spec.name, test, meaning.get(when_missing or ""))


def _fact_of_kind(kind: FactKind, tree: Tree) -> str:
    return tree.one_of([name for name, spec in FACTS.items() if spec.kind == kind])


def _on_day(tree: Tree) -> Expression:
    fields = tree.mapping(optional=("from", "until"))
    if tree.fields == {}:
        tree.problem("has neither `from` nor `until`.", "Add at least one of the two days.")
    starts = fields["from"].day() if "from" in fields else None
    return OnDay(starts, fields["until"].day() if "until" in fields else None)


def _within(tree: Tree) -> Comparison:
    entries = list(tree.entries())
    if len(entries) != 1:
        tree.problem("needs one fact and a number.", "For example `{refused_on: 2}`.")
        return WithinMonthsAfter("refused_on", 0)
    name, months = entries[0]
    if name not in FACTS or FACTS[name].kind != "day":
        months.problem(f"`{name}` is not a day.", "Use departure_on or refused_on.")
    return WithinMonthsAfter(name, months.whole())


def facts_read(expression: Expression) -> tuple[str, ...]:
    """Facts and programmes that an expression reads, each once, in the order written."""
    names: dict[str, None] = {}
    for part in expression.parts():
        names.update(dict.fromkeys(_read_by(part)))
    return tuple(names)


def _read_by(part: Expression) -> Iterable[str]:
    if isinstance(part, FactIs):
        return part.facts()
    return (part.programme_id,) if isinstance(part, OtherProgramme) else ()
