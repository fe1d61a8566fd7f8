"""The training examples: every intent in every language, enough of them, none twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from wegweiser.checks.texts import domain
from wegweiser.settings import ROOT
from wegweiser.texts import languages

EXAMPLES = ROOT / "data" / "nlu"
LEAST = 24
NOT_TRAINED = {"nlu_fallback"}


def check_examples() -> list[str]:
    """All problems in ``data/nlu``."""
    wanted = [intent for intent in domain()["intents"] if intent not in NOT_TRAINED]
    found = []
    for language in languages():
        path = EXAMPLES / f"{language.code}.yml"
        if not path.exists():
            found.append(
                f"data/nlu/{path.name}: missing, but the assistant speaks {language.name}."
            )
            continue
        found += [f"data/nlu/{path.name}: {problem}" for problem in _file(path, wanted)]
    return [*found, *_across_languages()]


def _across_languages() -> Iterator[str]:
    """One model learns all languages: the same words can't mean two things in it."""
    seen: dict[str, tuple[str, str]] = {}
    for language in languages():
        path = EXAMPLES / f"{language.code}.yml"
        for intent, sentences in examples(path).items() if path.exists() else ():
            for sentence in sentences:
                other, file = seen.setdefault(sentence, (intent, path.name))
                if other != intent:
                    yield (
                        f"data/nlu/{path.name}: {sentence!r} stands under {intent}, "
                        f"in {file} under {other}. Keep one meaning."
                    )


def examples(path: Path) -> dict[str, list[str]]:
    """The examples of a file, by intent."""
    blocks = YAML(typ="safe").load(path.read_text("utf-8"))["nlu"]
    return {
        block["intent"]: [
            line.removeprefix("- ").strip() for line in block["examples"].splitlines() if line
        ]
        for block in blocks
        if "intent" in block
    }


def _file(path: Path, wanted: list[str]) -> Iterator[str]:
    found = examples(path)
    for intent in wanted:
        count = len(found.get(intent, ()))
        if count < LEAST:
            yield f"{intent}: {count} examples. Write at least {LEAST}, each as people really type."
    for intent in found.keys() - set(wanted):
        yield f"{intent}: no such intent in domain.yml. Mend its name."
    seen: dict[str, str] = {}
    for intent, sentences in found.items():
        for sentence in sentences:
            key = sentence.casefold()
            if seen.setdefault(key, intent) != intent:
                yield f"{sentence!r} stands under {seen[key]} and {intent}. Keep one."
            if sentence.startswith("/"):
                yield f"{sentence!r}: an example may not begin with '/'."
