"""Sentence vectors for the desk: it has no encoder of its own (120 MB), so it asks ours.

Only this computer can ask, as for every route of the assistant. What is asked is small, and one
at a time: the people who write to us come first.
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.nlu.encoder import EncoderMissingError, opened
from bot.nlu.normalize import clean
from bot.nlu.paths import ROOT
from bot.nlu.sentence_vectors import SentenceVectors

MOST_TEXTS = 16
MOST_BYTES = 256 * 1024
"""Of the whole request; sixteen questions are at most a quarter of it."""


def add_vectors(routes: Blueprint) -> None:
    """Answer ``POST vectors``: {"texts": [...]} with {"encoder": ..., "vectors": [base64, ...]}."""
    one_at_a_time = asyncio.Semaphore(1)

    @routes.post("/vectors")
    async def vectors(request: Request) -> HTTPResponse:
        """Vectors of length one, little-endian float32 in base64; 400 for anything else."""
        texts = _texts(request)
        if texts is None:
            return json({"error": "texts"}, status=400)
        async with one_at_a_time:
            try:
                told = await asyncio.to_thread(_encoded, texts)
            except EncoderMissingError:
                return json({"error": "encoder"}, status=503)
        return json(told)


def _texts(request: Request) -> list[str] | None:
    # A page in a browser can't send this type without asking first, and nobody answers that.
    if request.content_type.partition(";")[0].strip() != "application/json":
        return None
    if len(request.body) > MOST_BYTES:
        return None
    try:
        body = request.json
    except Exception:  # noqa: BLE001 - whatever it is, it is no JSON
        return None
    texts = body.get("texts") if isinstance(body, dict) else None
    if not isinstance(texts, list) or not 0 < len(texts) <= MOST_TEXTS:
        return None
    return texts if all(isinstance(text, str) for text in texts) else None


def _encoded(texts: list[str]) -> dict[str, Any]:
    own = SentenceVectors.get_default_config()
    # The same call as the pipeline's, so that the model is in memory once.
    encoder = opened(ROOT / own["encoder"], own["threads"])
    found = encoder.encode([clean(text) for text in texts]).astype("<f4")
    return {
        "encoder": encoder.fingerprint,
        "vectors": [base64.b64encode(one.tobytes()).decode() for one in found],
    }
