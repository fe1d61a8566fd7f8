"""Keeps the tokenizer's pieces for the scripts in use and writes a sentencepiece model of them."""

from __future__ import annotations

import unicodedata

import numpy as np
import numpy.typing as npt
from sentencepiece.sentencepiece_model_pb2 import ModelProto, TrainerSpec

KEPT_SCRIPTS = frozenset({"LATIN", "ARABIC", "CYRILLIC", "GEORGIAN", "ETHIOPIC", "MODIFIER"})
"""First words of the Unicode names of letters that are kept (content/languages.yml)."""

SPECIAL = 4
"""`<s>`, `<pad>`, `</s>`, `<unk>` come first."""
_UNKNOWN = 3


def kept(pieces: list[tuple[str, float]]) -> npt.NDArray[np.int64]:
    """The numbers of the pieces that are kept, in their order."""
    numbers = [
        number for number, (piece, _) in enumerate(pieces) if number < SPECIAL or _in_use(piece)
    ]
    return np.asarray(numbers, dtype=np.int64)


def _in_use(piece: str) -> bool:
    return all(
        not character.isalpha() or unicodedata.name(character, "").split(" ")[0] in KEPT_SCRIPTS
        for character in piece
    )


def model(pieces: list[tuple[str, float]]) -> bytes:
    """A sentencepiece unigram model over `pieces`, special pieces first.

    It normalizes nothing but spaces: texts come in NFKC (bot/nlu/encoder.py).
    """
    proto = ModelProto()
    trainer, normalizer = proto.trainer_spec, proto.normalizer_spec
    trainer.model_type = TrainerSpec.UNIGRAM
    trainer.vocab_size = len(pieces)
    for number, name in enumerate(("bos", "pad", "eos", "unk")):
        setattr(trainer, f"{name}_id", number)
        setattr(trainer, f"{name}_piece", pieces[number][0])
    normalizer.name = "identity"
    normalizer.add_dummy_prefix = True
    normalizer.remove_extra_whitespaces = True
    normalizer.escape_whitespaces = True
    kinds = ModelProto.SentencePiece
    for number, (piece, score) in enumerate(pieces):
        # People must not be able to write the special ones: a control piece matches no text.
        kind = kinds.CONTROL if number < SPECIAL else kinds.NORMAL
        kind = kinds.UNKNOWN if number == _UNKNOWN else kind
        proto.pieces.add(piece=piece, score=score, type=kind)
    return bytes(proto.SerializeToString(deterministic=True))
