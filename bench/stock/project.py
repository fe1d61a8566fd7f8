"""A project as `rasa init` makes it, with our examples: `var/stock`.

Rasa's default pipeline needs more than six minutes an epoch for all our 34,000 examples on two
cores, a hundred of them: it gets a sample of six an intent and language, always the same ones.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
STOCK = ROOT / "var" / "stock"
EXAMPLES_EACH = 6
EPOCHS = 100
"""Rasa's default. How fast a trained model answers does not depend on it: fewer do for speed."""
CONFIG = """
recipe: default.v1
assistant_id: stock
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- {{name: CountVectorsFeaturizer, analyzer: char_wb, min_ngram: 1, max_ngram: 4}}
- {{name: DIETClassifier, epochs: {epochs}, constrain_similarities: true}}
- name: EntitySynonymMapper
- {{name: ResponseSelector, epochs: {epochs}, constrain_similarities: true}}
- {{name: FallbackClassifier, threshold: 0.3, ambiguity_threshold: 0.1}}
policies:
- name: MemoizationPolicy
- name: RulePolicy
- {{name: UnexpecTEDIntentPolicy, max_history: 5, epochs: {epochs}}}
- {{name: TEDPolicy, max_history: 5, epochs: {epochs}, constrain_similarities: true}}
"""
"""What Rasa takes when a project names neither pipeline nor policies."""
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


def sample(folder: Path = ROOT / "data" / "nlu") -> list[tuple[str, str]]:
    """Texts and intents: of each intent and language the six with the smallest hashes."""
    found: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.yml")):
        content = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        for block in content["nlu"]:
            lines = {line.strip()[2:] for line in block["examples"].splitlines() if line.strip()}
            chosen = sorted(lines, key=lambda text: hashlib.sha256(text.encode()).digest())
            found += [(text, block["intent"]) for text in chosen[:EXAMPLES_EACH]]
    return found


def examples_file(examples: list[tuple[str, str]]) -> str:
    """The examples as Rasa reads them."""
    blocks = [
        {"intent": intent, "examples": "".join(f"- {t}\n" for t, i in examples if i == intent)}
        for intent in sorted({intent for _, intent in examples})
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, width=10_000)


def domain_file(intents: list[str]) -> str:
    """Each intent has one answer, as in a first assistant."""
    responses = {f"utter_{one}": [{"text": f"This is the answer to {one}."}] for one in intents}
    responses["utter_default"] = [{"text": "I did not understand that."}]
    return yaml.safe_dump({"version": "3.1", "intents": intents, "responses": responses})


def rules_file(intents: list[str]) -> str:
    """Each intent is answered by its answer."""
    rules = [
        {"rule": one, "steps": [{"intent": one}, {"action": f"utter_{one}"}]} for one in intents
    ]
    return yaml.safe_dump({"version": "3.1", "rules": rules}, sort_keys=False)


def ensure_trained(epochs: int = EPOCHS) -> Path:
    """The trained stock model; with all epochs training takes hours, once."""
    examples = sample()
    intents = sorted({intent for _, intent in examples})
    files = {
        "config.yml": CONFIG.format(epochs=epochs),
        "domain.yml": domain_file(intents),
        "data/nlu.yml": examples_file(examples),
        "data/rules.yml": rules_file(intents),
    }
    mark = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:12]
    model = STOCK / "models" / f"stock-{mark}.tar.gz"
    if model.exists():
        return model
    (STOCK / "data").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (STOCK / name).write_text(content, encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "rasa", "train", "--out", "models"),
            *("--fixed-model-name", model.name.removesuffix(".tar.gz")),
        ],
        cwd=STOCK,
        env={**os.environ, **QUIET},
        check=True,
    )
    return model
