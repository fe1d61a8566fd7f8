"""Loads the rules base from its folder.

sources.yml   the public texts that rules cite
lists.yml     named country lists, reused by rules
rules.yml     rules that several programmes share, taken over with `use:`
ch/, de/      one file a programme, named after its id: ch.raz is ch/raz.yml
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from programmes.catalogue import Catalogue
from programmes.model import Programme
from programmes.problems import Problem, Problems, shown
from programmes.reading_programmes import ProgrammeReader
from programmes.reading_rules import RuleReader
from programmes.reading_values import SourceReader, read_lists, read_sources
from programmes.yamltree import Tree, read_tree

SHARED_FILES = ("sources.yml", "lists.yml", "rules.yml")
COUNTRIES = ("ch", "de")


def load(path: str | Path = "content/programmes") -> Catalogue:
    """Load the rules base from a folder.

    Raises:
        CatalogueError: anything in it is wrong; the error holds every problem with file, line,
            key, value and remedy.
    """
    folder = Path(path)
    problems = Problems()
    if not folder.is_dir():
        fault, remedy = "is no folder.", "Run from the project's root, or name the folder."
        problems.add(Problem(shown(folder), 1, "path", "", fault, remedy))
        problems.raise_if_any()
    shared = {name: read_tree(folder / name, problems) for name in SHARED_FILES}
    sources = SourceReader(read_sources(shared["sources.yml"]))
    lists = read_lists(shared["lists.yml"], sources)
    rules = RuleReader(frozenset(lists))
    reader = ProgrammeReader(rules, sources, dict(shared["rules.yml"].entries()))
    programmes: dict[str, Programme] = {}
    for file in _programme_files(folder):
        tree = read_tree(file, problems)
        programme = reader.programme(tree)
        expected = f"{file.parent.name}.{file.stem}"
        if programme.id and programme.id != expected:
            _at(tree, "id").problem("does not match the file.", f"Write {expected} or rename it.")
        programmes[expected] = programme
    _check_references(reader.rules, programmes)
    if not programmes and not len(problems):
        fault, remedy = "holds no programme.", "Add ch/<id>.yml or de/<id>.yml."
        problems.add(Problem(shown(folder), 1, "path", "", fault, remedy))
    problems.raise_if_any()
    return Catalogue(tuple(programmes.values()), MappingProxyType(lists))


def _programme_files(folder: Path) -> list[Path]:
    return [file for country in COUNTRIES for file in sorted((folder / country).glob("*.yml"))]


def _at(tree: Tree, key: str) -> Tree:
    return (tree.fields or {}).get(key, tree)


def _check_references(rules: RuleReader, programmes: Mapping[str, Programme]) -> None:
    needed = {
        programme_id: {
            name
            for condition in programme.conditions
            for name in condition.reads
            if name in programmes
        }
        for programme_id, programme in programmes.items()
    }
    for tree, name in rules.referred:
        if name not in programmes:
            tree.problem("is no programme.", "Use: " + ", ".join(programmes) + ".")
        elif name in _reached(name, needed):
            tree.problem("waits for itself in a circle.", "Remove one of the references.")
    for tree in rules.mentioned:
        if tree.written() not in programmes:
            tree.problem("is no programme.", "Use: " + ", ".join(programmes) + ".")


def _reached(start: str, needed: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = set(needed.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting |= needed.get(name, set())
    return reached
