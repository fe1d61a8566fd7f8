"""The bot's own entry: Rasa without what it never uses, and never at the level that tells texts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.without_tensorflow import needs_tensorflow
from wegweiser.settings import ROOT

RUN = """
import sys
import bot.__main__ as entry
entry.lighten()
import rasa.__main__

def main():
    import os, tensorflow
    from rasa.core.policies.ted_policy import TEDPolicy
    print(sys.argv[1:], os.environ.get("LOG_LEVEL"))
    print(issubclass(TEDPolicy, object), hasattr(tensorflow, "__version__"))
    try:
        tensorflow.constant(3)
    except RuntimeError as error:
        print(error)

rasa.__main__.main = main
entry.main()
"""


def test_it_hands_over_without_tensorflow_and_without_debugging() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUN, "run", "--debug", "-vv"],
        cwd=ROOT,
        env={**os.environ, "LOG_LEVEL": "debug"},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    said, stood_in, refused = done.stdout.splitlines()[-3:]
    assert said == "['run'] INFO"
    assert stood_in == "True False"
    assert refused.startswith("tensorflow.constant was called")


@pytest.mark.parametrize(
    ("config", "needed"),
    [
        ("pipeline: [{name: bot.nlu.tokens.Tokens}]\npolicies: [{name: RulePolicy}]", False),
        ("pipeline: [{name: DIETClassifier}]\npolicies: [{name: RulePolicy}]", True),
        ("pipeline: [{name: bot.nlu.tokens.Tokens}]\npolicies: [{name: TEDPolicy}]", True),
        ("pipeline: [{name: bot.nlu.tokens.Tokens}]", True),
        ("pipeline: [", True),
        ("- 1", True),
    ],
)
def test_only_a_config_that_surely_does_without_gets_the_stand_in(
    config: str, needed: bool, tmp_path: Path
) -> None:
    path = tmp_path / "config.yml"
    assert needs_tensorflow(path) is True
    path.write_text(config)
    assert needs_tensorflow(path) is needed


def test_ours_does_without() -> None:
    assert not needs_tensorflow(ROOT / "config.yml")
