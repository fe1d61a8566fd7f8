"""What the tests of the rules base share."""

from __future__ import annotations

from pathlib import Path

import pytest

from programmes import Catalogue, load

RULES = Path(__file__).parents[2] / "content" / "programmes"
COVERAGE = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The rules base that is delivered."""
    return load(RULES)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print how many rules the example households decide both ways."""
    if COVERAGE in config.stash:
        terminalreporter.write_line(config.stash[COVERAGE])
