"""Sentence vectors: texts in, an array out. The only module that calls onnxruntime.

multilingual-e5-small, built by `make encoder` (tools/build_encoder.py). Another encoder may take
its place: anything with `encode` and `fingerprint` will do.
"""

from __future__ import annotations

import functools
import hashlib
import json
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import onnxruntime
from sentencepiece import SentencePieceProcessor

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 384
PREFIX = "query: "
"""What the model was trained to see before a short text."""

MOST_PIECES = 256
"""Longer texts keep their beginning and their end, where people put what they want."""
MOST_CHARACTERS = 3000
"""Cut before the tokenizer sees it: one character may become eighteen (U+FDFA)."""

_BEGIN, _END = 0, 2
_MANY = 16


class EncoderMissingError(Exception):
    """The encoder has not been built, or only half of it is there."""


class TextEncoder(Protocol):
    """What the rest of the assistant needs from an encoder."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text would get another vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length one, float32 (len(texts), DIMENSIONS). Takes any str."""


class OnnxEncoder:
    """The encoder in `folder`; opens the files at once. Raises EncoderMissingError."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        try:
            manifest = (folder / "manifest.json").read_bytes()
            pieces = (folder / "pieces.model").read_bytes()
            model = folder / "encoder.onnx"
            model.stat()
        except FileNotFoundError as error:
            raise EncoderMissingError(f"{error.filename} is missing: run `make encoder`.") from None
        recipe = f"{json.loads(manifest)['outputs']} {PREFIX} {MOST_PIECES} {MOST_CHARACTERS}"
        self._fingerprint = hashlib.sha256(recipe.encode()).hexdigest()
        self._splitter = SentencePieceProcessor(model_proto=pieces)
        self._model = str(model)
        self._threads = threads
        self._session = self._open(threads=threads)

    @property
    def fingerprint(self) -> str:
        """Of model, vocabulary and the way texts are cut."""
        return self._fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length one, float32 (len(texts), DIMENSIONS). Takes any str."""
        if len(texts) < _MANY:
            vectors = [self._vector(self._session, text) for text in texts]
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                vectors = list(pool.map(functools.partial(self._vector, self._for_many), texts))
        return np.stack(vectors) if vectors else np.empty((0, DIMENSIONS), dtype=np.float32)

    @functools.cached_property
    def _for_many(self) -> onnxruntime.InferenceSession:
        """One thread a text: for training twice as fast as two threads on the same text."""
        return self._open(threads=1)

    def _open(self, *, threads: int) -> onnxruntime.InferenceSession:
        return onnxruntime.InferenceSession(
            self._model, _session_options(threads), providers=["CPUExecutionProvider"]
        )

    def _vector(self, session: onnxruntime.InferenceSession, text: str) -> Vectors:
        # Never in batches: activations are quantized over the whole input, so a text's vector
        # would depend on its neighbours, and on this processor batches are no faster.
        ids = np.array([self._pieces(text)], dtype=np.int64)
        vector: Vectors = session.run(None, {"ids": ids})[0][0]
        return vector

    def _pieces(self, text: str) -> list[int]:
        ids: list[int] = self._splitter.encode(PREFIX + encodable(text))
        room = MOST_PIECES - 2
        if len(ids) > room:
            ids = ids[: room // 2] + ids[-(room - room // 2) :]
        return [_BEGIN, *ids, _END]


def encodable(text: str) -> str:
    """The text as the model's pieces spell it: NFKC, no lone surrogates, no NUL, not too long."""
    if len(text) > MOST_CHARACTERS:
        half = MOST_CHARACTERS // 2
        text = f"{text[:half]} {text[-half:]}"
    plain = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    return unicodedata.normalize("NFKC", plain)


def _session_options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Within a text threads that wait spin: waking them takes longer than their share of a product
    # (7.1 ms without, 5.1 with). Between texts they sleep: the desk and actions need the cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "1")
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return options


def opened(folder: Path, threads: int = 2) -> OnnxEncoder:
    """The encoder in `folder`, opened once a process. Raises EncoderMissingError."""
    return _opened(folder, threads)


@functools.lru_cache(maxsize=2)
def _opened(folder: Path, threads: int) -> OnnxEncoder:
    # The cache tells f(x) from f(x, 2), even where 2 is the default: two encoders, 70 MB.
    return OnnxEncoder(folder, threads=threads)
