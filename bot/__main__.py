"""The bot's process: ``python -m bot run ...`` is ``rasa run ...`` without what it never uses."""

from __future__ import annotations

import os
import sys
from typing import Any, cast

NEVER_USED = ("jax",)
"""TensorFlow looks for it to convert models to phones' format, and does without: 64 MB less."""


NOISY = ("--debug", "-vv", "--very-verbose")
"""Rasa logs what people write at this level, and we promise that nothing of it is logged."""


ONE_THREAD = ("OPENBLAS_NUM_THREADS", "1")
"""A second thread for products this small costs as much again and is felt by the encoder's."""


HAND_OVER_S = 0.0005
"""How long a thread that waits for Python lets the one that runs go on; else 5 ms. The database's
thread waits after each statement: saturated 29 messages a second instead of 22."""


def main() -> None:
    """Hand over to Rasa's command line."""
    os.environ.setdefault(*ONE_THREAD)
    sys.setswitchinterval(HAND_OVER_S)
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
