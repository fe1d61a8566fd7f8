"""Speed of understanding: ``python -m bench.nlu``. Parts of a parse, a whole parse, memory."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.__main__ import ONE_THREAD, lighten

TEXTS = 300


def main() -> None:
    """Print milliseconds: half of the texts are faster than p50, 95 of 100 faster than p95."""
    lighten()  # as in the bot, before anything of Rasa is there
    os.environ.setdefault(*ONE_THREAD)
    from bot.computed_once import compute_once
    from bot.nlu.encoder import OnnxEncoder
    from bot.nlu.evaluate_model import Reader, ensure_model
    from bot.nlu.evaluate_sets import read_all
    from bot.nlu.finding import NameFinder
    from bot.nlu.intent_features import counts
    from bot.nlu.language import LanguageExamples, decide
    from bot.nlu.normalize import clean, fold
    from bot.nlu.paths import ENCODER
    from bot.nlu.words import words

    sentences = [s.text for held_out in read_all() for s in held_out.sentences]
    texts = sentences[:: max(1, len(sentences) // TEXTS)]
    names = NameFinder()
    nothing = LanguageExamples.learn([], [])
    parts: dict[str, Callable[[str], object]] = {
        "words": words,
        "clean and fold": lambda text: (clean(text), fold(text)),
        "language": lambda text: decide(text, nothing),
        "names": lambda text: names.find(text, "en"),
        "n-grams": lambda text: counts([text]),
    }
    for threads in (1, 2):
        encoder = OnnxEncoder(ENCODER, threads=threads)
        parts[f"vector, {threads} threads"] = partial(_encode, encoder.encode)
    for name, part in parts.items():
        _measure(name, part, texts)
    compute_once()
    reader = Reader(ensure_model())
    _measure("whole parse", reader.raw, texts)
    print(f"resident memory: {_resident():.0f} MB (two more encoders than the bot has)")


def _encode(encode: Callable[[list[str]], object], text: str) -> object:
    return encode([text])


def _measure(name: str, part: Callable[[str], object], texts: list[str]) -> None:
    part(texts[0])
    times = []
    for text in texts:
        started = time.perf_counter()
        part(text)
        times.append((time.perf_counter() - started) * 1000)
    p95 = sorted(times)[int(0.95 * len(times))]
    print(f"{name:20} p50 {statistics.median(times):6.2f} ms   p95 {p95:6.2f} ms")


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    main()
