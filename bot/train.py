"""``python -m bot.train NAME``: what ``rasa train`` does, without what a training never uses.

An editor waits for this after each change of a word. Rasa's command line imports every channel,
store and learning library it knows, which takes longer than learning does.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.without_tensorflow import LEARNING, needs_tensorflow, stand_in

CONFIG = "config.yml"
MODELS = "models"
NEVER_TRAINED = (
    *("aiogram", "fbmessenger", "rocketchat_API", "sanic", "slack", "slack_sdk", "socketio"),
    *("twilio", "webexteamssdk"),
    *("boto3", "botocore", "kafka", "pika", "pymongo", "redis"),
    *("matplotlib", "prompt_toolkit", "questionary", "rasa.nlu.test"),
)
"""Channels, stores and brokers of Rasa, its tests, plots and dialogues on a terminal."""


def main(arguments: list[str] | None = None) -> int:
    """Train; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bot.train")
    parser.add_argument("name", help="of the model's file, without .tar.gz")
    parser.add_argument("--out", default=MODELS, help="the folder that it is put into")
    parser.add_argument("--force", action="store_true", help="whatever was kept from before")
    options = parser.parse_args(arguments)
    if not needs_tensorflow(Path(CONFIG)):
        stand_in((*LEARNING, *NEVER_TRAINED))
    # Tens of thousands of examples, none of which is garbage before the process ends: looking for
    # it in them takes a tenth of the time.
    gc.disable()
    return _train(options.name, options.out, force=options.force)


def _train(name: str, out: str, *, force: bool) -> int:
    from rasa.engine.storage import local_model_storage
    from rasa.model_training import train
    from rasa.shared.importers.importer import E2EImporter
    from rasa.shared.nlu.training_data.training_data import TrainingData
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.io import configure_colored_logging

    configure_logging_and_warnings(logging.INFO)
    configure_colored_logging("INFO")
    local_model_storage.TarSafe = _quick(local_model_storage.TarSafe)
    TrainingData.merge = _uncopied(TrainingData.merge)
    E2EImporter.get_nlu_data = _in_any_language(E2EImporter.get_nlu_data)
    trained = train(
        domain="domain.yml",
        config=CONFIG,
        training_files=["data"],
        output=out,
        fixed_model_name=name,
        force_training=force,
    )
    return int(trained.code)


def _uncopied(merge: Callable[..., Any]) -> Callable[..., Any]:
    """Rasa merges what each of its importers gave five times, and copies every example each time.

    With one importer there is nothing to merge with: what it gave serves all, as it does anyway
    whenever Rasa asks the same importer twice.
    """

    def merged(*parts: Any) -> Any:
        filled = [part for part in parts if part and (part.responses or not part.is_empty())]
        return filled[0] if len(filled) == 1 else merge(*parts)

    return merged


def _in_any_language(get_nlu_data: Callable[[Any], Any]) -> Callable[..., Any]:
    """Rasa asks for the examples in two languages, and each time puts them together anew."""
    return lambda importer, _language=None, **_: get_nlu_data(importer)


def _quick(archive: Any) -> Any:
    """An archive that is written at zlib's quickest: numbers hardly get smaller at its best."""

    class Quick(archive):
        @classmethod
        def gzopen(cls, name: Any, mode: str = "r", fileobj: Any = None, **options: Any) -> Any:
            return super().gzopen(name, mode, fileobj, **{"compresslevel": 1, **options})

    return Quick


if __name__ == "__main__":
    sys.exit(main())
