"""First step of adapting: all twelve layers learn to tell the intents apart.

A head of cosines, one direction an intent, sees the vectors from the middle of all; half of the
sentences get typing errors, anew in each epoch.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from sentencepiece import SentencePieceProcessor
from torch import Tensor, nn
from torch.nn import functional

from e5.batches import BATCH, batches, ids, padded, vectors
from e5.corpus import Example
from e5.descent import Descent
from e5.network import Network
from e5.typing_errors import mistyped

SCALE, SMOOTHING = 16.0, 0.05
LAYERS_RATE, HEAD_RATE, WARM_UP = 1e-4, 1e-3, 0.1
FOR_THE_MEANS = 60
"""Examples an intent that the head starts from."""


class Teacher:
    """The network, its head, and the examples that teach and that judge."""

    def __init__(
        self,
        network: Network,
        splitter: SentencePieceProcessor,
        teach: Sequence[Example],
        judge: Sequence[Example],
        device: torch.device,
    ) -> None:
        self.network, self.splitter, self.device = network, splitter, device
        self.teach, self.judge = teach, judge
        intents = 1 + max(one.label for one in teach)
        # The head starts as the means of the intents, seen from the middle of all.
        some = random.sample(list(teach), min(len(teach), FOR_THE_MEANS * intents))
        found = vectors(network, splitter, [one.text for one in some], device)
        self.middle = found.mean(dim=0)
        label_of = torch.tensor([one.label for one in some], device=device)
        means = [(found[label_of == n] - self.middle).mean(dim=0) for n in range(intents)]
        self.head = nn.Parameter(functional.normalize(torch.stack(means), dim=-1))

    def learn(self, epochs: int, say: Callable[[str], None]) -> list[dict[str, float]]:
        """Returns the share that is right before and after each epoch."""
        steps = epochs * math.ceil(len(self.teach) / BATCH)
        layers = list(self.network.layers.parameters())
        descent = Descent(
            [
                {"params": layers, "lr": LAYERS_RATE},
                {"params": [self.head], "lr": HEAD_RATE, "weight_decay": 0.0},
            ],
            layers,
            steps=steps,
            warm_up=WARM_UP,
            say=say,
        )
        history = [self._right()]
        say(f"teacher before: {history[0]['all']:.3f}")
        for epoch in range(1, epochs + 1):
            started = time.monotonic()
            rows = [(ids(self.splitter, mistyped(one.text)), one.label) for one in self.teach]
            self.network.train()
            for batch in batches(rows):
                labels = torch.tensor([label for _, label in batch], device=self.device)
                made = self.network(padded([row for row, _ in batch], self.device))
                loss = functional.cross_entropy(
                    self._scores(made), labels, label_smoothing=SMOOTHING
                )
                descent.step(loss, f"teacher, epoch {epoch}")
            history.append(self._right())
            minutes = (time.monotonic() - started) / 60
            say(f"teacher, epoch {epoch}: {history[-1]['all']:.3f}, {minutes:.0f} minutes")
        return history

    def _scores(self, made: Tensor) -> Tensor:
        seen = functional.normalize(made - self.middle, dim=-1)
        return SCALE * seen @ functional.normalize(self.head, dim=-1).T

    def _right(self) -> dict[str, float]:
        """The share of held-back examples that the head puts right, by language."""
        found = vectors(self.network, self.splitter, [one.text for one in self.judge], self.device)
        with torch.no_grad():
            guessed = self._scores(found).argmax(dim=1).cpu().numpy()
        return shares(self.judge, guessed == np.array([one.label for one in self.judge]))


def shares(judged: Sequence[Example], right: np.ndarray) -> dict[str, float]:
    """The share that is right, of all and by language."""
    of = np.array([one.language for one in judged])
    by_language = {str(code): float(right[of == code].mean()) for code in np.unique(of)}
    return {"all": float(right.mean()), **by_language}
