"""The encoder as a torch module whose layers can be trained; the embeddings stay as they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from e5.graph import PAD
from e5.weights import Weights

Floats = npt.NDArray[np.float32]

MATRICES = ("q", "k", "v", "ao", "fi", "fo")
NORMS = ("aln", "oln")


class Network(nn.Module):
    """Piece numbers in, vectors of length one out: (texts, longest) -> (texts, hidden)."""

    def __init__(self, weights: Weights, keep: npt.NDArray[np.int64]) -> None:
        super().__init__()
        self.heads, self.epsilon = weights.heads, weights.epsilon
        words = weights.matrices["emb.word"].rows(keep).floats()
        places = weights.vectors["emb.pos"].reshape(-1, weights.hidden)
        self.register_buffer("words", torch.from_numpy(words), persistent=False)
        with_type = places + weights.vectors["emb.type"][: weights.hidden]
        self.register_buffer("places", torch.from_numpy(with_type), persistent=False)
        self.first = _Norm(weights, "emb.ln")
        self.first.requires_grad_(False)
        self.layers = nn.ModuleList(_Layer(weights, f"l{n}") for n in range(weights.layers))

    def forward(self, ids: Tensor) -> Tensor:
        return self.with_layers(ids)[0]

    def with_layers(self, ids: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The vectors, and what each layer gave: (texts, longest, hidden)."""
        real = ids != PAD
        x = self.first(self.words[ids] + self.places[: ids.shape[1]], self.epsilon)
        given = []
        for layer in self.layers:
            x = layer(x, real, self.heads, self.epsilon)
            given.append(x)
        summed = (x * real.unsqueeze(-1)).sum(dim=1)
        return functional.normalize(summed, dim=-1), given

    def start_from(self, learned: Mapping[str, Floats], numbers: Sequence[int]) -> None:
        """Let the layers begin as those with these numbers in what `trained` of another gave."""
        with torch.no_grad():
            for number, layer in zip(numbers, self.layers, strict=True):
                for name, parameter in layer.named_parameters():
                    parameter.copy_(torch.from_numpy(learned[f"l{number}.{name}"]))

    def trained(self) -> dict[str, Floats]:
        """The layers' weights by the names that the weight file uses ("l0.q.w", "l0.aln.b")."""
        found = {}
        for number, layer in enumerate(self.layers):
            for name, parameter in layer.named_parameters():
                found[f"l{number}.{name}"] = parameter.detach().cpu().numpy()
        return found


class _Norm(nn.Module):
    def __init__(self, weights: Weights, name: str) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.from_numpy(weights.vectors[f"{name}.w"].copy()))
        self.b = nn.Parameter(torch.from_numpy(weights.vectors[f"{name}.b"].copy()))

    def forward(self, x: Tensor, epsilon: float) -> Tensor:
        return functional.layer_norm(x, self.w.shape, self.w, self.b, epsilon)


class _Linear(nn.Module):
    def __init__(self, weights: Weights, name: str) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.from_numpy(weights.matrices[f"{name}.w"].floats()))
        self.b = nn.Parameter(torch.from_numpy(weights.vectors[f"{name}.b"].copy()))

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.w, self.b)


class _Layer(nn.Module):
    def __init__(self, weights: Weights, name: str) -> None:
        super().__init__()
        for part in MATRICES:
            self.add_module(part, _Linear(weights, f"{name}.{part}"))
        for part in NORMS:
            self.add_module(part, _Norm(weights, f"{name}.{part}"))

    def forward(self, x: Tensor, real: Tensor, heads: int, epsilon: float) -> Tensor:
        texts, longest, hidden = x.shape

        def split(part: str) -> Tensor:
            shaped: Tensor = getattr(self, part)(x).view(texts, longest, heads, hidden // heads)
            return shaped.transpose(1, 2)

        scores = split("q") @ split("k").transpose(-1, -2) / math.sqrt(hidden // heads)
        scores = scores.masked_fill(~real[:, None, None, :], -math.inf)
        mixed = (scores.softmax(dim=-1) @ split("v")).transpose(1, 2).reshape(x.shape)
        x = self.aln(x + self.ao(mixed), epsilon)
        result: Tensor = self.oln(x + self.fo(functional.gelu(self.fi(x))), epsilon)
        return result
