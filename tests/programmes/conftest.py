"""What the tests of the rules base share."""

from __future__ import annotations

from pathlib import Path

import pytest

from programmes import Catalogue, load

RULES = Path(__file__).parents[2] / "content" / "programmes"
COVERAGE = pytest.StashKey[str]()
QUESTIONS = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The rules base that is delivered."""
    return load(RULES)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print what was measured: rules decided both ways, questions asked."""
    for figure in (COVERAGE, QUESTIONS):
        if figure in config.stash:
            terminalreporter.write_line(config.stash[figure])
