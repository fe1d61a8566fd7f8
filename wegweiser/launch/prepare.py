"""What has to exist before the processes start: tables, encoder, trained model, an account.

Everything is made once and found again by what it was made from, so a second start is quick.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wegweiser.launch.checks import Refusal
from wegweiser.settings import ROOT, VAR

MODELS = ROOT / "models"
TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "data/**/*.yml",
    "bot/importer.py",
    "bot/train.py",
    "bot/nlu/*.py",
    "content/places/*.yml",
    "content/languages.yml",
    "uv.lock",
)
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "ignore",
}
"""Rasa's own noise off; what it says of our mistakes stays."""


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def run(arguments: list[str], what: str, remedy: str) -> None:
    """Run a step with its output visible.

    Raises:
        Refusal: the step failed; the sentence names it and what to do.
    """
    import os

    done = subprocess.run(arguments, cwd=ROOT, env={**os.environ, **QUIET}, check=False)
    if done.returncode != 0:
        raise Refusal(f"{what} failed (exit {done.returncode}); its last lines are above. {remedy}")


def migrate() -> None:
    """Bring the tables up to date, and the static files where they are served from."""
    say("Preparing the database")
    python = [sys.executable, "manage.py"]
    run(
        # Django's checks import every page of the desk, three seconds; a test runs them.
        [*python, "migrate", "--verbosity", "0", "--no-input", "--skip-checks"],
        "Preparing the database",
        "Check DATABASE_URL in .env, and that its server runs.",
    )
    run(
        [*python, "collectstatic", "--verbosity", "0", "--no-input"],
        "Collecting the static files",
        "Check that var/ can be written.",
    )


def ensure_encoder() -> None:
    """Build the sentence encoder when it is missing or was built by another script."""
    started = time.monotonic()
    run(
        [sys.executable, "-m", "bot.nlu.build"],
        "Building the sentence encoder",
        "It needs the package index once; try again with a network.",
    )
    if time.monotonic() - started > 2:
        say(f"Sentence encoder ready ({time.monotonic() - started:.0f} s)")


def check_tables() -> None:
    """Refuse to start on tables of another version.

    Raises:
        Refusal: they are not up to date, or the database does not answer.
    """
    run(
        [sys.executable, "manage.py", "migrate", "--check", "--verbosity", "0"],
        "Looking at the tables",
        "Run `make run` or `python -m wegweiser.launch --prepare-only` once before.",
    )


def trained_model() -> Path:
    """The model that was trained from exactly these files.

    Raises:
        Refusal: there is none.
    """
    model = _model()
    if not model.exists():
        raise Refusal(f"{model} is missing; run `python -m wegweiser.launch --prepare-only` once.")
    return model


def _model() -> Path:
    return MODELS / f"wegweiser-{fingerprint()}.tar.gz"


def ensure_model(*, force: bool = False) -> Path:
    """Train unless a model made from exactly these files exists; returns its path.

    Args:
        force: train also if it exists, and then all of it, whatever was kept from before.
    """
    model = _model()
    if model.exists() and not force:
        return model
    say("Training the assistant (the first time two minutes; after a change of texts some seconds)")
    started = time.monotonic()
    with ThreadPoolExecutor(1) as beside:
        names = beside.submit(
            run,
            [sys.executable, "-m", "bot.nlu.names_cache"],
            "Reading the names in content/places",
            "Mend the file it names, or undo your last change to content/places.",
        )
        run(
            [
                *(sys.executable, "-m", "bot.train", model.name.removesuffix(".tar.gz")),
                *("--out", str(MODELS)),
                *(["--force"] if model.exists() else []),
            ],
            "Training",
            "Mend the file it names, or undo your last change to data/ or domain.yml.",
        )
        names.result()
    say(f"Trained in {time.monotonic() - started:.0f} s")
    for older in MODELS.glob("wegweiser-*.tar.gz"):
        if older != model:
            older.unlink()
    return model


def fingerprint() -> str:
    """A hash of everything a model is trained from (12 hex digits)."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    manifest = VAR / "encoder" / "manifest.json"
    digest.update(manifest.read_bytes() if manifest.exists() else b"")
    return digest.hexdigest()[:12]


def _sources() -> Iterator[Path]:
    for pattern in TRAINED_FROM:
        yield from sorted(ROOT.glob(pattern))


def first_counsellor() -> dict[str, str] | None:
    """Make the first account; its login is returned this once, later None."""
    done = subprocess.run(
        [sys.executable, "manage.py", "first_counsellor"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Refusal(f"Making the first account failed: {done.stderr.strip().splitlines()[-1:]}")
    printed = done.stdout.strip()
    login: dict[str, str] | None = json.loads(printed) if printed else None
    return login
