"""Conversations as people have them, with everything real, in every language (tests/stories)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.system.running import Wegweiser
from tests.system.talk import Talk, keys_of
from tests.telegram_server import TelegramServer
from wegweiser.texts import button

pytestmark = pytest.mark.asyncio(loop_scope="session")

STORIES = Path(__file__).parent.parent / "stories"


def stories() -> Iterator[Any]:
    for path in sorted(STORIES.glob("*.yml")):
        for story in YAML(typ="safe").load(path.read_text("utf-8")):
            for language in story.get("languages", ("en", "de", "fr", "ar")):
                yield pytest.param(story, language, id=f"{story['story']} ({language})")


MOST_PRESSES = 25
_chat_ids = iter(range(700_000, 800_000))


@pytest.mark.parametrize(("story", "language"), stories())
async def test_story(
    wegweiser: Wegweiser, telegram: TelegramServer, story: dict[str, Any], language: str
) -> None:
    talk = Talk(wegweiser, telegram.person(next(_chat_ids), language=language))
    remembered: dict[str, str] = {}
    for number, step in enumerate(story["steps"]):
        heard = await _do(talk, step, language, remembered)
        spoken = step.get("in", language)
        said = [keys_of(one.text, spoken) for one in heard]
        where = f"step {number}: {step}\nheard: {[one.text for one in heard]}"
        for wanted in step.get("hears", ()):
            assert any(wanted in keys for keys in said), where
        for text in step.get("reads", ()):
            assert any(text in one.text for one in heard), where
        for unwanted in step.get("not", ()):
            assert not any(unwanted in keys for keys in said), where
        for one in heard:
            if found := re.search(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}\b", one.text):
                remembered["reference"] = found[0]


async def _do(talk: Talk, step: dict[str, Any], language: str, known: dict[str, str]) -> list[Any]:
    if "says" in step:
        said = step["says"]
        text = said if isinstance(said, str) else said[language]
        return await talk.says(text.replace("{reference}", known.get("reference", "")))
    if "presses" in step:
        spoken = step.get("with", language)
        return await talk.presses(button(spoken, step["presses"]))
    if "presses until" in step:
        heard = []
        for _ in range(MOST_PRESSES):
            heard = await talk.presses(button(language, step["presses until"]))
            if any(step["hears"][0] in keys_of(one.text, language) for one in heard):
                break
        return heard
    if "presses words" in step:
        return await talk.presses(step["presses words"])
    return await talk.sends(step["sends"])
