"""Which examples judge and which teach."""

from __future__ import annotations

import hashlib


def is_held_back(text: str) -> bool:
    """One example in five, the same ones always.

    They do not adapt the encoder, so that figures and thresholds taken on them are honest.
    """
    digest = hashlib.sha256(text.lower().encode("utf-8", "replace")).digest()
    return int.from_bytes(digest, "big") % 5 == 0
