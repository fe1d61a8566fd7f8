"""Sentence vectors for the desk: asked of the assistant, which has the encoder in its memory.

Without the assistant there are none, and whoever asks goes on without: answers of before are then
found by country and topic.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import numpy as np
import numpy.typing as npt

from wegweiser.settings import settings

logger = logging.getLogger(__name__)

Vectors = npt.NDArray[np.float32]

PATH = "/webhooks/mailbox/vectors"
AT_THE_DESK_S = 3.0
"""How long a counsellor's page waits, once for each question."""
IN_THE_CHAT_S = 1.0
"""How long a person in the chat waits at most."""
MOST_TEXTS = 16
"""In one request; the assistant takes no more (``bot.channels.vectors``)."""


@dataclass(frozen=True)
class Encoded:
    """Vectors of length one, (texts, dimensions), and the fingerprint of what made them."""

    encoder: str
    vectors: Vectors


def encode(texts: Sequence[str], within_s: float) -> Encoded | None:
    """The vectors of at most ``MOST_TEXTS`` texts; None when nobody gives them in time."""
    address = f"http://127.0.0.1:{settings().assistant_port}{PATH}"
    try:
        with httpx.Client(timeout=within_s, trust_env=False) as client:
            answer = client.post(address, json={"texts": [_plain(text) for text in texts]})
            answer.raise_for_status()
            told = answer.json()
        rows = [unpacked(base64.b64decode(one, validate=True)) for one in told["vectors"]]
        if len(rows) != len(texts) or len({row.size for row in rows}) > 1:
            raise ValueError("vectors do not fit the texts")
        return Encoded(str(told["encoder"]), np.stack(rows))
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as nobody:
        logger.info("vectors.none error=%s", type(nobody).__name__)
        return None


def _plain(text: str) -> str:
    # Half a character, which some phones send, is no JSON.
    return text.encode("utf-8", "replace").decode("utf-8")


def packed(vector: Vectors) -> bytes:
    """A vector as it is stored: little-endian float32."""
    return vector.astype("<f4").tobytes()


def unpacked(stored: bytes) -> Vectors:
    """A stored vector.

    Raises:
        ValueError: the length is none of float32.
    """
    return np.frombuffer(stored, dtype="<f4")
