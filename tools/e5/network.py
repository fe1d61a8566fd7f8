"""The encoder as a torch module, for adapting it. Word vectors stay as they are."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from e5.graph import PAD
from e5.weights import Weights

DROPOUT = 0.1


class Layer(nn.Module):
    """One layer of the post-layer-norm BERT."""

    def __init__(self, weights: Weights, name: str) -> None:
        super().__init__()
        self.heads = weights.heads
        self.parts = nn.ModuleDict(
            {part: _linear(weights, f"{name}.{part}") for part in ("q", "k", "v", "ao", "fi", "fo")}
        )
        self.aln = _norm(weights, f"{name}.aln")
        self.oln = _norm(weights, f"{name}.oln")
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, hidden = x.shape
        q, k, v = (
            self.parts[part](x).view(batch, length, self.heads, -1).transpose(1, 2)
            for part in "qkv"
        )
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(batch, length, hidden)
        x = self.aln(x + self.dropout(self.parts["ao"](mixed)))
        inner = functional.gelu(self.parts["fi"](x))
        result: Tensor = self.oln(x + self.dropout(self.parts["fo"](inner)))
        return result


class Network(nn.Module):
    """`ids` (batch, length), filled with PAD -> vectors of length one (batch, hidden)."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        words = weights.matrices["emb.word"].floats()
        places = weights.vectors["emb.pos"].reshape(-1, weights.hidden)
        places = places + weights.vectors["emb.type"][: weights.hidden]
        self.register_buffer("words", torch.from_numpy(words), persistent=False)
        self.register_buffer("places", torch.from_numpy(places), persistent=False)
        self.first = _norm(weights, "emb.ln").requires_grad_(False)
        self.layers = nn.ModuleList(Layer(weights, f"l{i}") for i in range(weights.layers))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, ids: Tensor) -> Tensor:
        real = ids != PAD
        x = functional.embedding(ids, self.words) + self.places[: ids.shape[1]]
        x = self.dropout(self.first(x))
        for layer in self.layers:
            x = layer(x, real[:, None, None, :])
        return functional.normalize((x * real[:, :, None]).sum(dim=1), dim=-1)

    def trained(self) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
        """The layers' tensors under the names of the weight file (`l0.q.w` ...), float32."""
        found = {}
        for number, layer in enumerate(self.layers):
            assert isinstance(layer, Layer)
            modules = {**dict(layer.parts.items()), "aln": layer.aln, "oln": layer.oln}
            for part, module in modules.items():
                found[f"l{number}.{part}.w"] = module.weight.detach().cpu().numpy()
                found[f"l{number}.{part}.b"] = module.bias.detach().cpu().numpy()
        return found


def _linear(weights: Weights, name: str) -> nn.Linear:
    matrix = torch.from_numpy(weights.matrices[f"{name}.w"].floats())
    linear = nn.Linear(matrix.shape[1], matrix.shape[0])
    linear.weight = nn.Parameter(matrix)
    linear.bias = nn.Parameter(torch.from_numpy(weights.vectors[f"{name}.b"].copy()))
    return linear


def _norm(weights: Weights, name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(weights.hidden, eps=weights.epsilon)
    norm.weight = nn.Parameter(torch.from_numpy(weights.vectors[f"{name}.w"].copy()))
    norm.bias = nn.Parameter(torch.from_numpy(weights.vectors[f"{name}.b"].copy()))
    return norm
