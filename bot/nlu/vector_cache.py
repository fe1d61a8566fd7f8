"""Sentence vectors kept on disk by text, so that retraining computes only what is new."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from bot.nlu.encoder import DIMENSIONS, TextEncoder, Vectors

_CHUNK = 512


class VectorCache:
    """Vectors of one encoder, in `folder/<fingerprint>.sqlite`; keys are hashes of the texts.

    Another encoder gets another file. A file may be deleted at any time.
    """

    def __init__(self, folder: Path, encoder: TextEncoder) -> None:
        self._path = folder / f"{encoder.fingerprint[:16]}.sqlite"
        self._encoder = encoder

    def encode(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Vectors:
        """Like TextEncoder.encode. `progress` hears how many of how many new texts are done."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=60)) as db:
            db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
            by_key = {_key(text): text for text in texts}
            found = _find(db, list(by_key))
            new = [text for key, text in by_key.items() if key not in found]
            for start in range(0, len(new), _CHUNK):
                chunk = new[start : start + _CHUNK]
                encoded = zip(chunk, self._encoder.encode(chunk), strict=True)
                rows = [(_key(text), vector.tobytes()) for text, vector in encoded]
                with db:
                    db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                found.update(rows)
                if progress:
                    progress(min(start + _CHUNK, len(new)), len(new))
        together = b"".join(found[_key(text)] for text in texts)
        return np.frombuffer(together, dtype=np.float32).reshape(len(texts), DIMENSIONS)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _find(db: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    """The vectors that are known, by key; one question for many is ten times as quick."""
    found: dict[bytes, bytes] = {}
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        marks = ",".join("?" * len(chunk))
        found.update(db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", chunk))
    return found
