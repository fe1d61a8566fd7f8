"""What a change of the rules does to the example households."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from programmes.catalogue import Catalogue
from programmes.evaluate import Assessment, assess
from programmes.facts import Facts
from programmes.households import HouseholdExample
from programmes.loader import load


class RevisionError(ValueError):
    """A revision of which the rules base cannot be taken."""


def catalogue_at(revision: str, folder: str) -> Catalogue:
    """The rules base as it was at a git revision. Reads the repository; changes nothing.

    Raises:
        RevisionError: git does not know the revision, or the folder did not exist in it.
        CatalogueError: the rules base of that revision has faults.
    """
    command = ["git", "archive", "--format=tar", revision, "--", folder]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        fault = done.stderr.decode(errors="replace").strip()
        raise RevisionError(f"{revision}: {fault}. Name a commit, tag or branch.")
    with tempfile.TemporaryDirectory() as scratch:
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            archive.extractall(scratch)
        return load(Path(scratch) / folder)


def changes(
    before: Catalogue, after: Catalogue, households: Iterable[HouseholdExample]
) -> Iterator[str]:
    """One line for each verdict, state or amount that differs, under the household's name."""
    for household in households:
        facts = Facts.read(household.facts)
        old = {found.id: _shown(found) for found in assess(before, facts, household.on)}
        new = {found.id: _shown(found) for found in assess(after, facts, household.on)}
        lines = [
            f"  {programme}: {old.get(programme, 'no file')} -> {new.get(programme, 'no file')}"
            for programme in sorted(old.keys() | new.keys())
            if old.get(programme) != new.get(programme)
        ]
        if lines:
            yield f"{household.name} ({household.on})"
            yield from lines


def _shown(found: Assessment) -> str:
    paid = [
        f"{payment.kind} {payment.up_to.amount} {payment.up_to.currency}"
        if payment.up_to
        else payment.kind
        for payment in found.benefits
    ]
    state = "" if found.state == "open" else f" [{found.state}]"
    return found.verdict + state + (": " + ", ".join(paid) if paid else "")
