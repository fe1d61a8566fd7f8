"""Where the understanding part keeps and finds its files."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ENCODER = ROOT / "var" / "encoder"
VECTORS = ROOT / "var" / "vectors"
NAMES = ROOT / "var" / "names"
EXAMPLES = ROOT / "data" / "nlu"
LANGUAGES = ROOT / "content" / "languages.yml"
PLACES = ROOT / "content" / "places"
DANGER = ROOT / "content" / "danger"
PROGRAMMES = ROOT / "content" / "programmes"
HELD_OUT = ROOT / "tests" / "nlu"
EVALUATION = ROOT / "var" / "evaluation.json"
"""Written by `make evaluate`."""
EVALUATION_PAGE = ROOT / "var" / "evaluation.html"
BASELINE = HELD_OUT / "baseline.json"
"""The result that was last committed."""
STOCK_RESULT = HELD_OUT / "stock.json"
"""Rasa's default pipeline and ours on one sample of the examples (bench/stock)."""


def fingerprint_of_code() -> str:
    """Changes with any line of the understanding part.

    Rasa keeps what components gave in earlier trainings and looks at a component's own class only:
    without this it would not notice a change in the modules that the class calls.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
