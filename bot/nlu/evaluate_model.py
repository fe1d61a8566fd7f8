"""The model that is served, and how to ask it without a dialogue."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.utils.log_utils import configure_structlog

from bot.nlu.evaluate_measures import Parsed
from wegweiser.launch import prepare


def ensure_model() -> Path:
    """The path of the model that `make run` serves, trained if there is none of these files."""
    return prepare.ensure_model()


class Reader:
    """A loaded model."""

    def __init__(self, model: Path) -> None:
        # Rasa tells every text it parses unless it is told to keep quiet.
        configure_structlog(logging.WARNING)
        self._agent = Agent.load(model_path=str(model))
        self._loop = asyncio.new_event_loop()
        self.parse("warm-up")

    def parse_all(self, texts: Sequence[str]) -> list[Parsed]:
        """One after the other, as messages come."""
        return [self.parse(text) for text in texts]

    def parse(self, text: str, metadata: dict[str, Any] | None = None) -> Parsed:
        """What a message with this text and metadata is understood as."""
        started = time.perf_counter()
        found = self.raw(text, metadata)
        milliseconds = (time.perf_counter() - started) * 1000
        ranking = found["intent_ranking"]
        return Parsed(
            found["intent"]["name"],
            found["intent"]["confidence"],
            ranking[0]["name"],
            frozenset((e["entity"], str(e["value"])) for e in found["entities"]),
            found["language"]["code"],
            milliseconds,
            tuple(found.get("also_asked") or ()),
        )

    def raw(self, text: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
        """The whole parse, as the dialogue gets it."""
        message = UserMessage(text, metadata=metadata or {})
        # The loop of the bot is there before a message comes; a new one takes half a millisecond.
        parsed: dict[str, Any] = self._loop.run_until_complete(
            self._agent.processor.parse_message(message)
        )
        return parsed
