"""``make check``: everything a content editor can get wrong, all of it at once.

Each problem names file, key, what is wrong and what to do. Nothing is changed. The same checks run
in the tests, so what passes here passes there.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta

from programmes import CatalogueError, load, load_offices
from programmes.describe import due_lines
from wegweiser.checks.examples import check_examples
from wegweiser.checks.held_out import check_held_out
from wegweiser.checks.texts import check_texts
from wegweiser.settings import ROOT

WARN_DAYS = 30


def problems() -> list[str]:
    """Every problem in texts, training examples, rules and offices; empty when all is well."""
    try:
        load(ROOT / "content" / "programmes")
        load_offices(ROOT / "content" / "offices")
    except CatalogueError as broken:
        return [str(broken)]  # the figures of the texts come from there
    return [*check_texts(), *check_examples(), *check_held_out()]


def reviews(today: date) -> list[str]:
    """What must be checked again within WARN_DAYS; a value past its day says so in the chat."""
    try:
        return due_lines(load(ROOT / "content" / "programmes"), today + timedelta(days=WARN_DAYS))
    except CatalogueError:
        return []  # told as a problem


def main() -> int:
    """Print the problems, and what is to be reviewed soon; 1 when there are problems."""
    for line in reviews(date.today()):
        print(f"to be reviewed: {line}")  # noqa: T201
    found = problems()
    for problem in found:
        print(problem)  # noqa: T201 - a command line
    if found:
        print(f"\n{len(found)} problems.")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
