"""Keeps the tokenizer's pieces for the scripts in use and writes `tokenizer.json`."""

from __future__ import annotations

import json
import unicodedata

import numpy as np
import numpy.typing as npt

KEPT_SCRIPTS = frozenset({"LATIN", "ARABIC", "CYRILLIC", "GEORGIAN", "ETHIOPIC", "MODIFIER"})
"""First words of the Unicode names of letters that are kept (content/languages.yml)."""

SPECIAL = 4
"""`<s>`, `<pad>`, `</s>`, `<unk>` come first. People must not be able to write them."""
_NEVER = -1000.0
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


def tokenizer_json(pieces: list[tuple[str, float]]) -> str:
    """A `tokenizers` Unigram model over `pieces`, special pieces first."""
    vocabulary = [
        [piece, _NEVER if number < SPECIAL else score]
        for number, (piece, score) in enumerate(pieces)
    ]
    return json.dumps(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [],
            "normalizer": {
                "type": "Sequence",
                "normalizers": [
                    {"type": "NFKC"},
                    {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
                ],
            },
            "pre_tokenizer": {
                "type": "Metaspace",
                "replacement": "▁",
                "prepend_scheme": "always",
                "split": True,
            },
            "post_processor": None,
            "decoder": None,
            "model": {
                "type": "Unigram",
                "unk_id": _UNKNOWN,
                "vocab": vocabulary,
                "byte_fallback": False,
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
