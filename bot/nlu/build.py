"""`make encoder`: builds the sentence encoder when it is missing or of another recipe.

Looking takes a millisecond and imports nothing heavy; building is left to
`tools/build_encoder.py`, in an environment of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bot.nlu.paths import ENCODER, ROOT

LOCK = ROOT / "tools" / "encoder.lock.json"
RECIPE = ROOT / "tools" / "build_encoder.py"


def is_current(folder: Path = ENCODER, lock: Path = LOCK) -> bool:
    """Whether `folder` holds the outputs that the lock file names, by name, size and recipe."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        sizes = {name: (folder / name).stat().st_size for name in manifest["outputs"]}
    except (FileNotFoundError, ValueError, KeyError):
        return False
    expected = json.loads(lock.read_text())["outputs"]
    return bool(manifest["outputs"] == expected and manifest.get("sizes") == sizes)


def has_expected_hashes(folder: Path = ENCODER, lock: Path = LOCK) -> bool:
    """The thorough look: the sha256 of every output is the recorded one (a tenth of a second)."""
    expected: dict[str, str] = json.loads(lock.read_text())["outputs"]
    return all(
        (folder / name).is_file()
        and hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        for name, digest in expected.items()
    )


def main() -> int:
    """Build if needed. Returns the exit status of the build."""
    if is_current():
        return 0
    uv = _uv()
    if uv is None:
        print("encoder: uv is missing: run `make install` first.", file=sys.stderr)  # noqa: T201
        return 1
    # The script has its own environment; ours must not leak into it.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("UV_PROJECT")}
    clean.pop("VIRTUAL_ENV", None)
    return subprocess.call([uv, "run", "--script", str(RECIPE)], env=clean, cwd=ROOT)


def _uv() -> str | None:
    ours = ROOT / ".tools" / "bin" / "uv"
    return str(ours) if ours.exists() else shutil.which("uv")


if __name__ == "__main__":
    sys.exit(main())
