"""The desk asks for sentence vectors: the real encoder behind the real route."""

from __future__ import annotations

import json
from typing import Any

import httpx
import numpy as np
import pytest

from bot.channels import vectors as route
from bot.nlu.encoder import DIMENSIONS, EncoderMissingError
from desk import vectors
from tests.bot.channels.test_webhook import web as web

PATH = "/webhooks/mailbox/vectors"


async def ask(web: httpx.AsyncClient, body: Any, kind: str = "application/json") -> httpx.Response:
    content = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return await web.post(PATH, content=content, headers={"Content-Type": kind})


async def test_the_desk_gets_vectors_that_tell_meanings_apart(
    web: httpx.AsyncClient, set_settings: Any
) -> None:
    import asyncio

    set_settings(ASSISTANT_PORT=str(web.base_url.port))
    texts = [
        "What does a flat cost in Kutaisi?",
        "Wie hoch ist die Miete für eine Wohnung in Kutaissi?",
        "Is dialysis possible in Kabul?",
    ]
    found = await asyncio.to_thread(vectors.encode, texts, 20.0)
    assert found is not None
    assert found.vectors.shape == (3, DIMENSIONS)
    same, other = found.vectors[0] @ found.vectors[1], found.vectors[0] @ found.vectors[2]
    assert same > 0.84 > other
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-3)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        {"texts": []},
        {"texts": ["a"] * (route.MOST_TEXTS + 1)},
        {"texts": [1]},
        {"texts": "a"},
        ["a"],
        {"texts": ["a" * route.MOST_BYTES]},
    ],
)
async def test_anything_else_is_refused(web: httpx.AsyncClient, body: Any) -> None:
    assert (await ask(web, body)).status_code == 400


async def test_a_page_in_a_browser_can_not_ask(web: httpx.AsyncClient) -> None:
    assert (await ask(web, {"texts": ["a"]}, "text/plain")).status_code == 400


async def test_without_an_encoder_it_says_so(
    web: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise EncoderMissingError

    monkeypatch.setattr(route, "opened", missing)
    assert (await ask(web, {"texts": ["a"]})).status_code == 503


def test_nobody_there_is_no_error(set_settings: Any) -> None:
    set_settings(ASSISTANT_PORT="9")
    assert vectors.encode(["a"], 0.5) is None
