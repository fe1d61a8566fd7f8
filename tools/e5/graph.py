"""Writes the encoder as an ONNX graph of onnxruntime's own fused operators.

Word vectors stay in the 4 bits they come in (GatherBlockQuantized). The matrices become int8,
one scale a column, and meet activations that onnxruntime quantizes as it goes
(DynamicQuantizeMatMul): twice as fast as float on AVX2, where 4-bit products are slower than
float. Every step is exact arithmetic on given numbers: the file is the same on every machine.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from e5.seven_bits import quantized
from e5.weights import BLOCK, FourBit, Weights

Floats = npt.NDArray[np.float32]

PAD = 1
_OPSET, _IR, _CONTRIB = 17, 8, "com.microsoft"


class _Graph:
    """Collects nodes and constants; each method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], output, **attributes))
        return output

    def contrib(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        return self.node(kind, inputs, output, domain=_CONTRIB, **attributes)

    def linear(self, name: str, x: str, matrix: Floats, bias: Floats) -> str:
        """x @ matrix.T + bias, for a float matrix (outputs, inputs)."""
        whole, scales = quantized(matrix)
        return self.contrib(
            "DynamicQuantizeMatMul",
            [
                x,
                self.constant(f"{name}.w", whole.T),
                self.constant(f"{name}.s", scales),
                self.constant(f"{name}.z", np.zeros_like(scales, dtype=np.int8)),
                self.constant(f"{name}.b", bias),
            ],
            name,
        )

    def add_and_norm(self, name: str, x: str, y: str, weights: Weights, norm: str) -> str:
        """Layer norm of x + y."""
        return self.contrib(
            "SkipLayerNormalization",
            [
                x,
                y,
                self.constant(f"{norm}.w", weights.vectors[f"{norm}.w"]),
                self.constant(f"{norm}.b", weights.vectors[f"{norm}.b"]),
            ],
            name,
            epsilon=weights.epsilon,
        )


def build(weights: Weights, keep: npt.NDArray[np.int64]) -> bytes:
    """The model with the vocabulary rows `keep`: `ids` (batch, length) -> `vector` (batch, hidden).

    Shorter rows of a batch are filled with PAD, which is masked. Vectors have length one.
    """
    graph = _Graph()
    x = _embed(graph, weights, weights.matrices["emb.word"].rows(keep))
    real = graph.node("Not", [graph.node("Equal", ["ids", _pad(graph)], "is_pad")], "is_real")
    mask = graph.node("Cast", [real], "mask", to=TensorProto.INT32)
    for layer in range(weights.layers):
        x = _layer(graph, weights, f"l{layer}", x, mask)
    _pool(graph, x, real)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "length"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", weights.hidden])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, 1)],
        ir_version=_IR,
        producer_name="wegweiser",
    )
    return bytes(model.SerializeToString(deterministic=True))


def _pad(graph: _Graph) -> str:
    return graph.constant("pad", np.array(PAD, dtype=np.int64))


def _embed(graph: _Graph, weights: Weights, words: FourBit) -> str:
    looked_up = graph.contrib(
        "GatherBlockQuantized",
        [
            graph.constant("words", words.packed()),
            "ids",
            graph.constant("words.s", words.scales),
        ],
        "word16",
        gather_axis=0,
        quantize_axis=1,
        block_size=BLOCK,
        bits=4,
    )
    word = graph.node("Cast", [looked_up], "word", to=TensorProto.FLOAT)
    positions = weights.vectors["emb.pos"].reshape(-1, weights.hidden)
    with_type = positions + weights.vectors["emb.type"][: weights.hidden]
    length = graph.node("Shape", ["ids"], "length", start=1, end=2)
    zero = graph.constant("zero", np.array([0], dtype=np.int64))
    place = graph.node("Slice", [graph.constant("places", with_type), zero, length, zero], "place")
    both = graph.node("Add", [word, place], "word_and_place")
    norm = [graph.constant(f"emb.ln.{part}", weights.vectors[f"emb.ln.{part}"]) for part in "wb"]
    return graph.node(
        "LayerNormalization", [both, *norm], "embedded", epsilon=weights.epsilon, axis=-1
    )


def _layer(graph: _Graph, weights: Weights, name: str, x: str, mask: str) -> str:
    qkv = np.concatenate([weights.matrix(f"{name}.{part}.w") for part in "qkv"])
    bias = np.concatenate([weights.vectors[f"{name}.{part}.b"] for part in "qkv"])
    projected = graph.linear(f"{name}.qkv", x, qkv, bias)
    heads = [f"{name}.q", f"{name}.k", f"{name}.v"]
    graph.nodes.append(
        helper.make_node(
            "Split", [projected, _thirds(graph, weights.hidden)], heads, f"{name}.split", axis=-1
        )
    )
    attended = graph.contrib(
        "MultiHeadAttention",
        [*heads, "", mask],
        f"{name}.attended",
        num_heads=weights.heads,
    )
    out = _linear(graph, weights, f"{name}.ao", attended)
    x = graph.add_and_norm(f"{name}.middle", out, x, weights, f"{name}.aln")
    inner = graph.contrib("Gelu", [_linear(graph, weights, f"{name}.fi", x)], f"{name}.gelu")
    out = _linear(graph, weights, f"{name}.fo", inner)
    return graph.add_and_norm(f"{name}.end", out, x, weights, f"{name}.oln")


def _thirds(graph: _Graph, hidden: int) -> str:
    if all(constant.name != "thirds" for constant in graph.constants):
        graph.constant("thirds", np.array([hidden] * 3, dtype=np.int64))
    return "thirds"


def _linear(graph: _Graph, weights: Weights, name: str, x: str) -> str:
    return graph.linear(name, x, weights.matrix(f"{name}.w"), weights.vectors[f"{name}.b"])


def _pool(graph: _Graph, x: str, real: str) -> None:
    """Mean over the real places, then length one."""
    last = graph.constant("last", np.array([-1], dtype=np.int64))
    weight = graph.node(
        "Unsqueeze",
        [graph.node("Cast", [real], "real", to=TensorProto.FLOAT), last],
        "weight",
    )
    middle = graph.constant("middle", np.array([1], dtype=np.int64))
    masked = graph.node("Mul", [x, weight], "masked")
    # Dividing by the number of places is left out: the length is made one anyway.
    summed = graph.node("ReduceSum", [masked, middle], "summed", keepdims=0)
    graph.node("LpNormalization", [summed], "vector", axis=-1, p=2)
