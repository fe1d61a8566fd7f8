"""How long an assistant takes to learn: ours all examples, stock Rasa a sample for three epochs.

Its own default are a hundred epochs, each as long as the other; nothing that was learned before is
used by either.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.peers import EPOCHS
from bench.stock import project
from bench.stock.project import QUIET, ROOT, Project

ELSEWHERE = shutil.ignore_patterns(".*", "var", "models", "tests", "docs", "__pycache__")


def ours() -> float:
    """Seconds of all that `make train` learns, in a copy that remembers no sentence."""
    with tempfile.TemporaryDirectory(prefix="wegweiser-training-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=ELSEWHERE)
        (copy / "var").mkdir()
        (copy / "var" / "encoder").symlink_to(ROOT / "var" / "encoder")
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "bot.train", "bench", "--out", str(copy / "models")],
            cwd=copy,
            env={**os.environ, **QUIET, "PYTHONPATH": str(copy)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        return time.monotonic() - began


def stock(made: Project) -> float:
    """Seconds of `rasa train` for ``EPOCHS`` epochs."""
    with tempfile.TemporaryDirectory(prefix="wegweiser-training-") as folder:
        anew = dataclasses.replace(made, name=folder)  # an absolute path replaces what is before it
        began = time.monotonic()
        project.ensure_trained(anew, EPOCHS)
        return time.monotonic() - began


def main() -> int:
    """Print the table."""
    from bench import report

    of_stock = {"stock, same": project.same(), "stock, first": project.first()}
    seconds = {"ours": ours()} | {name: stock(made) for name, made in of_stock.items()}
    report.table({name: {"training, s": value} for name, value in seconds.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
