"""A model of the examples alone, trained when they or the code changed, and how to ask it."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.model_training import train_nlu
from rasa.utils.log_utils import configure_structlog

from bot.nlu.evaluate_figures import Parsed
from bot.nlu.paths import ENCODER, EVALUATION_MODEL, EXAMPLES, PLACES, ROOT, fingerprint_of_code


class TrainingFailedError(Exception):
    """Rasa could not train; its own lines above say why."""


def ensure_model(folder: Path = EVALUATION_MODEL, examples: Path = EXAMPLES) -> Path:
    """The path of a model trained on `examples`. Raises TrainingFailedError."""
    name = _fingerprint(examples)
    model = folder / f"{name}.tar.gz"
    if model.exists():
        return model
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as unfinished:
        trained = train_nlu(
            str(ROOT / "config.yml"), str(examples), unfinished, fixed_model_name=name
        )
        if not trained:
            raise TrainingFailedError(f"Nothing was trained from {examples}.")
        # In one step: two evaluations may run at a time, and read what is complete.
        Path(trained).replace(model)
    for older in folder.glob("*.tar.gz"):
        if older != model:
            older.unlink(missing_ok=True)
    return model


class Reader:
    """A loaded model."""

    def __init__(self, model: Path) -> None:
        # Rasa tells every text it parses unless it is told to keep quiet.
        configure_structlog(logging.WARNING)
        self._agent = Agent.load(model_path=str(model))
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
        )

    def raw(self, text: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
        """The whole parse, as the dialogue gets it."""
        message = UserMessage(text, metadata=metadata or {})
        parsed: dict[str, Any] = asyncio.run(self._agent.processor.parse_message(message))
        return parsed


def _fingerprint(examples: Path) -> str:
    digest = hashlib.sha256(fingerprint_of_code().encode())
    digest.update((ENCODER / "manifest.json").read_bytes())
    files = [ROOT / "config.yml", *sorted(examples.glob("*.yml")), *sorted(PLACES.glob("*.yml"))]
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
