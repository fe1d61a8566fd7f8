"""The bot's process: ``python -m bot run ...`` is ``rasa run ...`` without what it never uses."""

from __future__ import annotations

import os
import sys
from typing import Any, cast

NEVER_USED = ("jax",)
"""TensorFlow looks for it to convert models to phones' format, and does without: 64 MB less."""


NOISY = ("--debug", "-vv", "--very-verbose")
"""Rasa logs what people write at this level, and we promise that nothing of it is logged."""


def main() -> None:
    """Hand over to Rasa's command line."""
    sys.argv[1:] = [argument for argument in sys.argv[1:] if argument not in NOISY]
    if os.environ.get("LOG_LEVEL", "").upper() == "DEBUG":
        os.environ["LOG_LEVEL"] = "INFO"
    modules = cast("dict[str, Any]", sys.modules)
    for name in NEVER_USED:
        modules[name] = None  # an import of it now fails as if it were not installed
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
