"""What the tests of the rules base share."""

from __future__ import annotations

from pathlib import Path

import pytest

from programmes import Catalogue, load

RULES = Path(__file__).parents[2] / "content" / "programmes"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The rules base that is delivered."""
    return load(RULES)
