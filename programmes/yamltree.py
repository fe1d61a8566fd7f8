"""YAML read as a tree in which every value knows its file, line and key.

Each reader method returns a usable value even when it notes a problem, so that one pass finds
every problem of a file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from programmes.problems import Problem, Problems, shown

Scalar: TypeAlias = str | int | bool | date | None


@dataclass(frozen=True, eq=False)
class Tree:
    """One value of a YAML file: exactly one of `fields`, `items` or `scalar` is meant."""

    file: str
    line: int
    key: str
    problems: Problems
    scalar: Scalar = None
    fields: dict[str, Tree] | None = None
    items: tuple[Tree, ...] | None = None

    def problem(self, fault: str, remedy: str) -> None:
        """Note a problem at this place."""
        value = "" if self.fields is not None or self.items is not None else self.written()
        self.problems.add(Problem(self.file, self.line, self.key, value, fault, remedy))

    def written(self) -> str:
        """The scalar as it reads in the file, near enough."""
        return "" if self.scalar is None else str(self.scalar)

    def mapping(
        self, *, required: Collection[str] = (), optional: Collection[str] = ()
    ) -> dict[str, Tree]:
        """The fields, after noting those that are missing or have no meaning here."""
        if self.fields is None:
            self.problem("must be a group of keys.", "Write `key: value` lines below it.")
            return {}
        known = [*required, *optional]
        for name, child in self.fields.items():
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"Did you mean {near[0]}?" if near else "Use: " + ", ".join(known) + "."
                child.problem("is a key that has no meaning here.", hint)
        for name in required:
            if name not in self.fields:
                self.problem(f"has no `{name}`.", f"Add `{name}:` with its value.")
        return {name: child for name, child in self.fields.items() if name in known}

    def each(self) -> tuple[Tree, ...]:
        """The items of a list."""
        if self.items is None:
            self.problem("must be a list.", "Write one item a line, each after `- `.")
            return ()
        return self.items

    def entries(self) -> Iterator[tuple[str, Tree]]:
        """Key and value of each field, whatever the keys are."""
        if self.fields is None:
            self.problem("must be a group of keys.", "Write `key: value` lines below it.")
            return
        yield from self.fields.items()

    def text(self) -> str:
        """A text that is not empty."""
        if isinstance(self.scalar, str) and self.scalar.strip():
            return " ".join(self.scalar.split())
        self.problem("must be a text.", "Write the words; put them in quotes if YAML objects.")
        return ""

    def one_of(self, choices: Collection[str]) -> str:
        """One of the given words; the first of them if it is not."""
        if isinstance(self.scalar, str) and self.scalar in choices:
            return self.scalar
        near = get_close_matches(self.written(), list(choices), n=1)
        hint = f"Did you mean {near[0]}?" if near else "Use one of: " + ", ".join(choices) + "."
        self.problem("is not a value of this key.", hint)
        return next(iter(choices))

    def whole(self) -> int:
        """A whole number, 0 or more."""
        number = self.scalar
        if isinstance(number, int) and not isinstance(number, bool) and number >= 0:
            return number
        self.problem("must be a whole number, 0 or more.", "Write digits only, for example 1000.")
        return 0

    def day(self) -> date:
        """A day."""
        if isinstance(self.scalar, date):
            return self.scalar
        self.problem("must be a day.", "Write it as YYYY-MM-DD, for example 2024-01-01.")
        return date.min

    def flag(self) -> bool:
        """true or false."""
        if isinstance(self.scalar, bool):
            return self.scalar
        self.problem("must be true or false.", "Write true or false.")
        return False


def read_tree(path: Path, problems: Problems) -> Tree:
    """Read one YAML file. A file that is no YAML is a problem and reads as an empty group."""
    name = shown(path)
    empty = Tree(name, 1, "file", problems, fields={})
    try:
        node = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = f"is not YAML: {error.problem}."
        problems.add(Problem(name, line, "file", "", fault, "Check indentation and colons."))
        return empty
    except (OSError, UnicodeDecodeError) as error:
        problems.add(Problem(name, 1, "file", "", f"cannot be read: {error}.", "Save as UTF-8."))
        return empty
    if node is None:
        empty.problem("is empty.", "Copy a file of the same kind and change it, or delete it.")
        return empty
    return _tree(node, name, "file", problems)


def _tree(node: Node, file: str, key: str, problems: Problems) -> Tree:
    line = node.start_mark.line + 1
    if isinstance(node, MappingNode):
        return Tree(file, line, key, problems, fields=_fields(node, file, key, problems))
    if isinstance(node, SequenceNode):
        items = tuple(
            _tree(child, file, f"{key}[{number}]", problems)
            for number, child in enumerate(node.value, start=1)
        )
        return Tree(file, line, key, problems, items=items)
    return Tree(file, line, key, problems, scalar=_scalar(node))


def _fields(node: MappingNode, file: str, key: str, problems: Problems) -> dict[str, Tree]:
    fields: dict[str, Tree] = {}
    for name_node, child in node.value:
        name = str(name_node.value)
        line = name_node.start_mark.line + 1
        below = name if key == "file" else f"{key}.{name}"
        if name in fields:
            fault, remedy = "is written twice.", "Keep one of the two."
            problems.add(Problem(file, line, below, "", fault, remedy))
        tree = _tree(child, file, below, problems)
        fields[name] = replace(tree, line=line)
    return fields


def _scalar(node: Node) -> Scalar:
    text = str(node.value)
    kind = str(node.tag).rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text) if text.lstrip("+-").isdigit() else text
    if kind == "timestamp":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
