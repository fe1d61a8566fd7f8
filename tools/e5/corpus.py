"""What adapts the encoder: examples with their intents, and sentences of the assistant's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

_ENDS = re.compile(r"(?<=[.!?؟።:])\s+|\n|---")
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_SHORTEST = 9


@dataclass(frozen=True)
class Example:
    text: str
    label: int
    """Number of its intent."""
    language: str


def examples(folder: Path) -> tuple[list[Example], list[str]]:
    """All examples of the training data in `folder`, and the names of their intents."""
    read = [
        (line[2:].strip(), block["intent"], path.stem)
        for path in sorted(folder.glob("*.yml"))
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.strip()
    ]
    intents = sorted({intent for _, intent, _ in read})
    return [Example(text, intents.index(intent), code) for text, intent, code in read], intents


def sentences(folder: Path) -> list[str]:
    """Each sentence of the answers in `folder` once, without placeholders."""
    found = {
        _PLACEHOLDER.sub("", part).strip(" -*•")
        for path in sorted(folder.glob("*.yml"))
        for text in _texts(yaml.safe_load(path.read_text("utf-8")))
        for part in _ENDS.split(text)
    }
    return sorted(sentence for sentence in found if len(sentence) >= _SHORTEST)


def _texts(read: object) -> Iterator[str]:
    """Every text in what YAML gave."""
    if isinstance(read, str):
        yield read
    elif isinstance(read, dict):
        for value in read.values():
            yield from _texts(value)
    elif isinstance(read, list):
        for value in read:
            yield from _texts(value)
