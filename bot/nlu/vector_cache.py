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
            new = [text for key, text in by_key.items() if _find(db, key) is None]
            for start in range(0, len(new), _CHUNK):
                chunk = new[start : start + _CHUNK]
                rows = zip(chunk, self._encoder.encode(chunk), strict=True)
                with db:
                    db.executemany(
                        "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                        [(_key(text), vector.tobytes()) for text, vector in rows],
                    )
                if progress:
                    progress(min(start + _CHUNK, len(new)), len(new))
            found = [_find(db, _key(text)) for text in texts]
        vectors = [np.frombuffer(blob, dtype=np.float32) for blob in found if blob is not None]
        return np.stack(vectors) if vectors else np.empty((0, DIMENSIONS), dtype=np.float32)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _find(db: sqlite3.Connection, key: bytes) -> bytes | None:
    row = db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
    return None if row is None else bytes(row[0])
