"""The bot's process: ``python -m bot run ...`` is ``rasa run ...`` without what it never uses."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot.without_tensorflow import needs_tensorflow, stand_in

CONFIG = Path("config.yml")
"""Where Rasa looks for it as well."""
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "1")
"""To answer: a second thread for products this small takes as long again from the encoder's."""
HAND_OVER_S = 0.0005
"""How long a thread that waits for Python lets the one that runs go on; else 5 ms. The database's
thread waits after each statement: saturated 29 messages a second instead of 22."""
NOISY = ("--debug", "-vv", "--very-verbose")
"""Rasa logs what people write at this level, and we promise that nothing of it is logged."""


def lighten() -> None:
    """Before numpy and Rasa are imported."""
    sys.setswitchinterval(HAND_OVER_S)
    if not needs_tensorflow(CONFIG):
        stand_in()


def main() -> None:
    """Hand over to Rasa's command line."""
    lighten()
    os.environ.setdefault(*ONE_THREAD)
    sys.argv[1:] = [argument for argument in sys.argv[1:] if argument not in NOISY]
    if os.environ.get("LOG_LEVEL", "").upper() == "DEBUG":
        os.environ["LOG_LEVEL"] = "INFO"
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
