"""How both steps of adapting go down: AdamW, a rate that climbs and falls in straight lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

STEEPEST = 1.0
"""Norm of a gradient; a longer one is cut."""
SAY_EVERY = 100
"""Batches."""


class Descent:
    """``step(loss)`` for each batch. ``groups`` and the rates in them are AdamW's."""

    def __init__(
        self,
        groups: Iterable[dict[str, Any]],
        clipped: Iterable[nn.Parameter],
        *,
        steps: int,
        warm_up: float,
        say: Callable[[str], None],
    ) -> None:
        self._optimizer = torch.optim.AdamW(list(groups), weight_decay=0.01)
        self._clipped = list(clipped)
        self._say = say
        self._losses: list[float] = []
        self._rate = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer,
            lambda step: min(
                (step + 1) / (warm_up * steps), (steps - step) / ((1 - warm_up) * steps)
            ),
        )

    def step(self, loss: Tensor, what: str) -> None:
        """One step down; now and then how far the last batches were off."""
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._clipped, STEEPEST)
        self._optimizer.step()
        self._rate.step()
        self._losses.append(loss.item())
        if len(self._losses) % SAY_EVERY == 0:
            mean = np.mean(self._losses[-SAY_EVERY:])
            self._say(f"{what}, {len(self._losses)} batches: {mean:.3f}")
