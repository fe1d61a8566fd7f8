"""Which examples judge and which teach."""

from __future__ import annotations

import hashlib

from bot.nlu.normalize import clean


def is_held_back(text: str) -> bool:
    """One example in five, the same ones always, however they are typed.

    They do not adapt the encoder, so that figures and thresholds taken on them are honest. One asks
    with the text of the file, another with a cleaned one: both get the same answer.
    """
    digest = hashlib.sha256(clean(text).lower().encode("utf-8")).digest()
    return int.from_bytes(digest, "big") % 5 == 0
