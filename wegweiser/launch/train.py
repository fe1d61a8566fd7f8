"""``make train``: build the encoder if needed and train, whether or not a model exists."""

from __future__ import annotations

import sys

from wegweiser.launch.checks import Refusal
from wegweiser.launch.prepare import ensure_encoder, ensure_model


def main() -> int:
    """Train; returns the exit status."""
    try:
        ensure_encoder()
        print(ensure_model(force=True))
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
