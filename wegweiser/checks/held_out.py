"""Held-out sentences stay out of the training examples.

`tests/nlu/<language>.yml` measures how well unseen sentences are understood. A greeting of one or
two words can be in both, for people say the same; a longer one that was learned by heart measures
nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from wegweiser.folding import fold
from wegweiser.settings import ROOT
from wegweiser.texts import all_languages, languages

EXAMPLES = ROOT / "data" / "nlu"
HELD_OUT = ROOT / "tests" / "nlu"
WORDS = 4
"""Of shorter ones people write the same without having copied: "yes", "many thanks"."""

_EXAMPLE = re.compile(r"\s+- (.*)")


def check_held_out() -> list[str]:
    """Held-out sentences that stand in ``data/nlu``, and languages that have none."""
    missing = [
        f"tests/nlu/{language.code}.yml: missing, but the assistant speaks {language.name}. "
        "Write held-out sentences."
        for language in languages()
        if not (HELD_OUT / f"{language.code}.yml").exists()
    ]
    return [*missing, *copied(EXAMPLES, HELD_OUT)]


def copied(examples: Path, held_out: Path) -> Iterator[str]:
    """A problem for each example in a folder that is a held-out sentence of another folder."""
    kept: dict[str, str] = {}
    paths = [held_out / f"{language.code}.yml" for language in all_languages()]
    for path in filter(Path.exists, paths):
        try:
            content = YAML(typ="safe").load(path.read_text("utf-8"))
            sentences = [
                str(line["text"])
                for part in ("sentences", "two")
                for line in content.get(part) or ()
            ]
        except (MarkedYAMLError, AttributeError, KeyError, TypeError) as error:
            yield f"tests/nlu/{path.name}: not a file of held-out sentences ({error!r}). Mend it."
            continue
        kept.update((words, path.name) for words in map(bare, sentences) if _long(words))
    for path, line, text in lines(examples):
        words = bare(text)
        if words in kept:
            yield (
                f"data/nlu/{path.name}:{line}: {text!r} is a held-out sentence of "
                f"tests/nlu/{kept[words]}. Take it out of data/nlu: nobody may learn it."
            )


def trained(examples: Path = EXAMPLES) -> frozenset[str]:
    """All training examples of all languages, each as `bare` gives it."""
    return frozenset(bare(text) for _, _, text in lines(examples))


def lines(examples: Path) -> Iterator[tuple[Path, int, str]]:
    """File, number of the line and text of each example in a folder."""
    for path in sorted(examples.glob("*.yml")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if found := _EXAMPLE.match(line):
                yield path, number, found[1].strip()


def bare(text: str) -> str:
    """The words of a text, folded, without punctuation: two spellings of a sentence are one.

    >>> bare("Non, ce n’est PAS ça!")
    'non ce n est pas ca'
    """
    spaced = (sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in fold(text))
    return " ".join("".join(spaced).split())


def _long(words: str) -> bool:
    return words.count(" ") >= WORDS - 1
