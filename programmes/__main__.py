"""The rules base from the command line: `python -m programmes check facts.json --on 2026-11-22`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from programmes.catalogue import Catalogue
from programmes.changes import RevisionError, catalogue_at, changes
from programmes.describe import due_lines, explain_lines, list_lines
from programmes.editor_schema import editor_schema
from programmes.export import page
from programmes.facts import FactError
from programmes.households import read_households
from programmes.loader import load
from programmes.office_lists import as_yaml, import_offices
from programmes.offices import load_offices
from programmes.problems import CatalogueError
from programmes.report import check, table

Command: TypeAlias = Callable[[argparse.Namespace, Catalogue], int]


def main(arguments: list[str]) -> int:
    """Run one command. Returns 0 for success, 1 for a broken rules base, 2 for a wrong call."""
    options = _parser().parse_args(arguments)
    command: Command = options.run
    try:
        return command(options, load(options.rules))
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 1
    except (FactError, FactsFileError, RevisionError, KeyError) as error:
        message = error.args[0] if error.args else error
        print(message, file=sys.stderr)
        return 2


class FactsFileError(ValueError):
    """A facts file that cannot be read as one JSON object."""


def _check(options: argparse.Namespace, catalogue: Catalogue) -> int:
    answer = check(catalogue, _read_facts(options.facts), options.on)
    print(table(answer) if options.table else json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


def _explain(options: argparse.Namespace, catalogue: Catalogue) -> int:
    print("\n".join(explain_lines(catalogue, catalogue.get(options.id), options.on)))
    return 0


def _list(options: argparse.Namespace, catalogue: Catalogue) -> int:
    print("\n".join(list_lines(catalogue, options.on)))
    return 0


def _lint(options: argparse.Namespace, catalogue: Catalogue) -> int:
    rules = sum(len(programme.conditions) for programme in catalogue)
    figures = len({id(figure) for figure in catalogue.figures(options.on).values()})
    print(f"{len(catalogue.programmes)} programmes, {rules} rules, {figures} figures: no problem.")
    offices = Path(options.rules).parent / "offices"
    if offices.is_dir():
        print(f"{len(load_offices(offices))} offices: no problem.")
    for line in due_lines(catalogue, options.on + timedelta(days=30)):
        print("to review within 30 days: " + line)
    return 0


def _due(options: argparse.Namespace, catalogue: Catalogue) -> int:
    lines = due_lines(catalogue, options.on + timedelta(days=options.within))
    print("\n".join(lines) or f"Nothing to review until {options.on + timedelta(options.within)}.")
    return 0


def _diff(options: argparse.Namespace, catalogue: Catalogue) -> int:
    before = catalogue_at(options.since, options.rules)
    lines = list(changes(before, catalogue, read_households(Path(options.households))))
    print("\n".join(lines) or f"No example household changes since {options.since}.")
    return 0


def _export(options: argparse.Namespace, catalogue: Catalogue) -> int:
    print(page(catalogue, options.on), end="")
    return 0


def _schema(options: argparse.Namespace, catalogue: Catalogue) -> int:
    print(json.dumps(editor_schema(), indent=2))
    return 0


def _import_offices(options: argparse.Namespace, catalogue: Catalogue) -> int:
    print(as_yaml(import_offices(Path(options.file))), end="")
    return 0


def _read_facts(name: str) -> Mapping[str, Any]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        facts = json.loads(text)
    except OSError as error:
        fault = f"{name}: cannot be read: {error.strerror}. Name a file, or - for standard input."
        raise FactsFileError(fault) from error
    except ValueError as error:
        raise FactsFileError(f"{name}: is not JSON: {error}. Write one object of facts.") from error
    if not isinstance(facts, dict):
        raise FactsFileError(f'{name}: must be one object, for example {{"host_country": "CH"}}.')
    return facts


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m programmes", description="The rules base of return-assistance programmes."
    )
    parser.add_argument("--rules", default="content/programmes", help="folder of the rules base")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    checking = _add(commands, "check", _check, "check a household against all programmes")
    checking.add_argument("facts", help="JSON file of facts, or - for standard input")
    checking.add_argument("--table", action="store_true", help="a table instead of JSON")
    explaining = _add(commands, "explain", _explain, "show one programme, all rules and amounts")
    explaining.add_argument("id", help="for example ch.raz")
    _add(commands, "list", _list, "list all programmes with their state and coming changes")
    _add(commands, "lint", _lint, "read every file and report every problem")
    diff = _add(commands, "diff", _diff, "show which example households a change affects")
    diff.add_argument("--since", required=True, metavar="REV", help="a git revision")
    diff.add_argument("--households", default="tests/programmes/cases", metavar="FOLDER")
    _add(commands, "export", _export, "print one HTML page with all programmes")
    _add(commands, "schema", _schema, "print the JSON Schema of programme files")
    offices = commands.add_parser("offices", help="lists of counselling offices")
    importing = _add(
        offices.add_subparsers(required=True, metavar="COMMAND"),
        "import",
        _import_offices,
        "check a table of offices and print it as a file for content/offices",
    )
    importing.add_argument("file", metavar="FILE.csv")
    due = _add(commands, "due", _due, "list what must be reviewed soon")
    due.add_argument("--within", type=int, default=30, metavar="DAYS", help="how far ahead (30)")
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Command,
    words: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=words, description=words)
    command.set_defaults(run=run)
    command.add_argument(
        "--on", type=_day, default=date.today(), metavar="DAY", help="the day, YYYY-MM-DD (today)"
    )
    return command


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write YYYY-MM-DD") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
