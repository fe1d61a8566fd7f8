"""`python -m bench.stock.understanding`: stock Rasa and ours on the same examples and sentences.

Both learn from the same sample (`bench.stock.project`) and read the held-out sentences; the result
is written to `tests/nlu/stock.json`, which `make evaluate` shows beside what is served. In scope
only, the likeliest intent counts, refusals do not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from bench.stock.project import EPOCHS, ensure_trained, first, sample
from bot.nlu.evaluate_sets import Sentence, read_all
from bot.nlu.paths import ENCODER, STOCK_RESULT, VECTORS

OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"
Guess = Callable[[str], str]


def main() -> int:
    """Train what is missing, read, write. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"of stock ({EPOCHS})")
    epochs = parser.parse_args().epochs
    examples = sample()
    sets = {held_out.language: held_out.sentences for held_out in read_all()}
    guesses = {"stock": stock(ensure_trained(first(), epochs)), "ours": ours(examples)}
    result: dict[str, object] = {"examples": len(examples), "epochs": epochs}
    for name, guess in guesses.items():
        right = {code: _judged(sentences, guess) for code, sentences in sets.items()}
        everything = [pair for pairs in right.values() for pair in pairs]
        result[name] = {
            "languages": {code: _share([hit for _, hit in pairs]) for code, pairs in right.items()},
            "styles": {
                style: _share([hit for _, hit in pairs])
                for style, pairs in groupby(sorted(everything), key=lambda pair: pair[0])
            },
        }
        print(name, json.dumps(result[name]))
    STOCK_RESULT.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
    return 0


def stock(model: Path) -> Guess:
    """What stock Rasa takes a text for."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    agent = Agent.load(model_path=str(model))

    def guess(text: str) -> str:
        parsed = asyncio.run(agent.processor.parse_message(UserMessage(text)))
        names = (str(one["name"]) for one in parsed["intent_ranking"])
        return next(name for name in names if name != FALLBACK)

    return guess


def ours(examples: list[tuple[str, str]]) -> Guess:
    """What our classifier takes a text for when it has learned from these examples only.

    The encoder is the served one: it has been adapted to all examples.
    """
    from bot.nlu.encoder import opened
    from bot.nlu.intent_model import IntentModel
    from bot.nlu.normalize import clean
    from bot.nlu.vector_cache import VectorCache

    encoder = opened(ENCODER)
    texts = [clean(text) for text, _ in examples]
    vectors = VectorCache(VECTORS, encoder).encode(texts)
    model = IntentModel.learn(texts, vectors, [intent for _, intent in examples])

    def guess(text: str) -> str:
        cleaned = clean(text)
        return model.judge([cleaned], encoder.encode([cleaned]))[0].ranking[0][0]

    return guess


def _judged(sentences: list[Sentence], guess: Guess) -> list[tuple[str, bool]]:
    """Style of each sentence in scope, and whether it was understood."""
    return [
        (sentence.style, guess(sentence.text) == sentence.intent)
        for sentence in sentences
        if sentence.intent != OUT_OF_SCOPE
    ]


def _share(hits: list[bool]) -> float:
    return round(sum(hits) / len(hits), 4)


if __name__ == "__main__":
    sys.exit(main())
