"""Two projects of stock Rasa with our examples, in `var/stock`.

`FIRST` is what `rasa init` makes: each intent has one answer, no action is called, nothing is
remembered. `SAME` holds our dialogue: our domain, rules, actions and texts, on Rasa's own pipeline,
policies, memory and channel; it does what ours does, and shows what of the difference is the
dialogue's.

Rasa's default pipeline needs more than six minutes an epoch for all our 34,000 examples on two
cores, a hundred of them: it gets a sample of six an intent and language, always the same ones.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
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
ENDPOINTS = """
nlg:
  type: bot.answers.Answers
action_endpoint:
  url: http://127.0.0.1:{port}/webhook
  enable_selective_domain: true
"""
"""Of `SAME`: where texts come from and who acts, as in ours; Rasa keeps its own memory."""
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


@dataclass(frozen=True)
class Project:
    """What an assistant hears, remembers and does, beside the examples."""

    name: str
    domain: str
    rules: Mapping[str, str]
    """Files by name."""

    @property
    def folder(self) -> Path:
        return STOCK / self.name


def first() -> Project:
    """As `rasa init` makes it."""
    intents = sorted({intent for _, intent in sample()})
    return Project("first", domain_file(intents), {"rules.yml": rules_file(intents)})


def same() -> Project:
    """Our own dialogue."""
    rules = sorted((ROOT / "data" / "stories").glob("*.yml"))
    return Project(
        "same",
        (ROOT / "domain.yml").read_text("utf-8"),
        {path.name: path.read_text("utf-8") for path in rules},
    )


def ensure_trained(project: Project, epochs: int = EPOCHS) -> Path:
    """The trained stock model; with all epochs training takes hours, once."""
    files = {
        "config.yml": CONFIG.format(epochs=epochs),
        "domain.yml": project.domain,
        "data/nlu.yml": examples_file(sample()),
        **{f"data/{name}": content for name, content in project.rules.items()},
    }
    mark = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:12]
    model = project.folder / "models" / f"stock-{mark}.tar.gz"
    if model.exists():
        return model
    (project.folder / "data").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (project.folder / name).write_text(content, encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "rasa", "train", "--out", "models"),
            *("--fixed-model-name", model.name.removesuffix(".tar.gz")),
        ],
        cwd=project.folder,
        env={**os.environ, **QUIET},
        check=True,
    )
    return model
