"""Second step of adapting: half of the layers learn to give the vectors of all.

A message waits for the encoder longer than for all else, and the encoder's time is that of its
layers. The student begins as every second layer of the teacher. In its first epoch each of its
layers also imitates the one it began as; afterwards sentences come with typing errors, and what it
imitates is the teacher's vector of the sentence without them. No label is seen.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from sentencepiece import SentencePieceProcessor
from torch import Tensor
from torch.nn import functional

from e5.batches import BATCH, batches, ids, padded, vectors
from e5.corpus import Example
from e5.descent import Descent
from e5.graph import PAD
from e5.network import Network
from e5.teacher import shares
from e5.typing_errors import mistyped

LAYERS = (1, 3, 5, 7, 9, 11)
"""Of the teacher's twelve, those that the student's begin as."""
RATE, WARM_UP = 3e-4, 0.05
IMITATING_LAYERS = 1
"""Epochs."""
SENTENCES = 5000
"""Of the assistant's own, anew in each epoch: what people ask is not all there is to say."""
_SHARPNESS = 16.0
_NEIGHBOURS_WEIGHT = 0.1
_RIDGE = 3.0


@dataclass(frozen=True)
class Texts:
    """Examples that teach, examples that judge, and sentences without a label."""

    teach: Sequence[Example]
    judge: Sequence[Example]
    sentences: Sequence[str]


class Student:
    """`network` has as many layers as `LAYERS` names, `teacher` twelve."""

    def __init__(
        self,
        network: Network,
        teacher: Network,
        splitter: SentencePieceProcessor,
        texts: Texts,
        device: torch.device,
    ) -> None:
        self.network, self.teacher, self.splitter = network, teacher, splitter
        self.texts, self.device = texts, device
        teacher.eval().requires_grad_(False)
        network.start_from(teacher.trained(), LAYERS)
        self.known = [one.text for one in texts.teach] + list(texts.sentences)
        self.goals = vectors(teacher, splitter, self.known, device)
        self.middle = self.goals[: len(texts.teach)].mean(dim=0)
        self.head = self._head()

    def learn(self, epochs: int, say: Callable[[str], None]) -> list[dict[str, float]]:
        """Returns the share that the teacher puts right, and the student after each epoch."""
        history = [self._right(self.teacher)]
        say(f"teacher: {history[0]['all']:.3f}")
        own = len(self.texts.teach)
        extra = min(SENTENCES, len(self.texts.sentences))
        steps = epochs * math.ceil((own + extra) / BATCH)
        layers = list(self.network.layers.parameters())
        descent = Descent(
            [{"params": layers, "lr": RATE}], layers, steps=steps, warm_up=WARM_UP, say=say
        )
        for epoch in range(1, epochs + 1):
            whole = epoch <= IMITATING_LAYERS
            chosen = [*range(own), *random.sample(range(own, len(self.known)), extra)]
            made = self.known if whole else [mistyped(text) for text in self.known]
            rows = [(ids(self.splitter, made[at]), at) for at in chosen]
            self.network.train()
            for batch in batches(rows):
                loss = self._loss(
                    padded([row for row, _ in batch], self.device),
                    self.goals[[at for _, at in batch]],
                    whole,
                )
                descent.step(loss, f"student, epoch {epoch}")
            history.append(self._right(self.network))
            say(f"student, epoch {epoch}: {history[-1]['all']:.3f}")
        return history

    def _loss(self, rows: Tensor, goals: Tensor, whole: bool) -> Tensor:
        """How far the vectors are from their goals and the nearness among them from theirs."""
        found, layers = self.network.with_layers(rows)
        own, goal = self._centred(found), self._centred(goals)
        loss = (1 - (own * goal).sum(dim=1)).mean()
        itself = torch.eye(len(rows), dtype=torch.bool, device=self.device)

        def near(units: Tensor) -> Tensor:
            return (_SHARPNESS * units @ units.T).masked_fill(itself, -1e4)

        neighbours = functional.kl_div(
            near(own).log_softmax(dim=1), near(goal).softmax(dim=1), reduction="batchmean"
        )
        loss = loss + _NEIGHBOURS_WEIGHT * neighbours
        return loss + self._beside_the_layers(rows, layers) if whole else loss

    def _beside_the_layers(self, rows: Tensor, layers: Sequence[Tensor]) -> Tensor:
        """Mean square of what layers differ from the teacher's, as a share of the teacher's."""
        with torch.no_grad():
            _, taught = self.teacher.with_layers(rows)
        real = (rows != PAD).unsqueeze(-1)
        shares = [
            (((own - taught[number]) ** 2) * real).sum() / ((taught[number] ** 2) * real).sum()
            for own, number in zip(layers, LAYERS, strict=True)
        ]
        return torch.stack(shares).mean()

    def _centred(self, found: Tensor) -> Tensor:
        return functional.normalize(found - self.middle, dim=-1)

    def _with_one(self, found: Tensor) -> Tensor:
        ones = torch.ones(len(found), 1, device=self.device)
        return torch.cat([self._centred(found), ones], dim=1).double()

    def _head(self) -> Tensor:
        """Ridge regression of the intents on the teacher's vectors: what judges both."""
        own = self._with_one(self.goals[: len(self.texts.teach)])
        labels = torch.tensor([one.label for one in self.texts.teach], device=self.device)
        wanted = functional.one_hot(labels).double()
        ridge = _RIDGE * torch.eye(own.shape[1], dtype=torch.double, device=self.device)
        solved: Tensor = torch.linalg.solve(own.T @ own + ridge, own.T @ wanted)
        return solved

    def _right(self, network: Network) -> dict[str, float]:
        """The share of held-back examples that the head puts right, by language."""
        judged = self.texts.judge
        found = vectors(network, self.splitter, [one.text for one in judged], self.device)
        guessed = (self._with_one(found) @ self.head).argmax(dim=1).cpu().numpy()
        return shares(judged, guessed == np.array([one.label for one in judged]))
