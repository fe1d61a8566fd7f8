"""An operator's own list of offices, as a table from a spreadsheet.

The first line names the columns, which are the keys of `content/offices/*.yml`. Several regions or
languages stand in one cell with spaces between. Comma or semicolon separate the cells.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from programmes.offices import OPTIONAL, REQUIRED, Office, read_offices
from programmes.problems import Problem, Problems, shown
from programmes.yamltree import Tree

LISTS = ("regions", "languages")


def import_offices(path: Path) -> tuple[Office, ...]:
    """Read and check a table of offices.

    Raises:
        CatalogueError: anything in it is wrong; the error holds every problem with its line.
    """
    problems = Problems()
    offices = read_offices(list(_rows(path, problems)))
    if not offices and not len(problems):
        fault, remedy = (
            "holds no office.",
            "Write one office a line below the names of the columns.",
        )
        problems.add(Problem(shown(path), 1, "file", "", fault, remedy))
    problems.raise_if_any("The list of offices")
    return offices


def as_yaml(offices: tuple[Office, ...]) -> str:
    """The offices as a file for `content/offices`."""
    text = io.StringIO()
    yaml = YAML()
    yaml.indent(mapping=2, sequence=2, offset=0)
    yaml.dump([_plain(office) for office in offices], text)
    return text.getvalue()


def _plain(office: Office) -> dict[str, object]:
    values: dict[str, Any] = asdict(office)
    values["latitude"], values["longitude"] = office.coordinates or ("", "")
    found = {key: values[key] for key in (*REQUIRED, *OPTIONAL) if values[key]}
    return {key: list(v) if isinstance(v, tuple) else v for key, v in found.items()}


def _rows(path: Path, problems: Problems) -> Iterator[Tree]:
    file = shown(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.add(Problem(file, 1, "file", "", f"cannot be read: {error}.", "Save as UTF-8."))
        return
    head = text.partition("\n")[0]
    table = csv.reader(
        io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    columns = [name.strip() for name in next(table, [])]
    for cells in table:
        if any(cell.strip() for cell in cells):
            yield _row(columns, cells, Tree(file, table.line_num, "office", problems))


def _row(columns: list[str], cells: list[str], place: Tree) -> Tree:
    fields = {
        name: _cell(name, cell.strip(), place)
        for name, cell in zip(columns, cells, strict=False)
        if cell.strip()
    }
    if len(cells) > len(columns):
        place.problem("has more cells than columns.", "Put quotes around cells with a separator.")
    return Tree(place.file, place.line, "office", place.problems, fields=fields)


def _cell(name: str, text: str, place: Tree) -> Tree:
    if name not in LISTS:
        return Tree(place.file, place.line, name, place.problems, scalar=text)
    items = tuple(
        Tree(place.file, place.line, name, place.problems, scalar=word)
        for word in re.split(r"[\s,;/|]+", text)
    )
    return Tree(place.file, place.line, name, place.problems, items=items)
