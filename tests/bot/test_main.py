"""The bot's own entry: Rasa without what it never uses, and never at the level that tells texts."""

from __future__ import annotations

import os
import subprocess
import sys

SHOW = """
import sys, rasa.__main__
def main():
    import os
    print(sys.argv[1:], os.environ.get("LOG_LEVEL"))
    try:
        import jax
    except ImportError:
        print("no jax")
rasa.__main__.main = main
import runpy
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""


def test_it_hands_over_without_jax_and_without_debugging() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOW, "run", "--debug", "--port", "5", "-vv"],
        env={**os.environ, "LOG_LEVEL": "debug", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert done.stdout.splitlines()[-2:] == ["['run', '--port', '5'] INFO", "no jax"]
