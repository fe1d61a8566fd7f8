"""The tests of everything that touches the database, once more on PostgreSQL, in a child pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import PostgresServer

ROOT = Path(__file__).parent.parent
AGAIN = {
    "the desk": ["tests/desk", "tests/on_postgres"],
    "the bot": [
        "tests/bot/test_tracker.py",
        "tests/bot/channels/test_polling_lease.py",
        "tests/bot/channels/test_telegram.py",
        "tests/bot/channels/test_webhook.py",
        "tests/bot/channels/test_worker.py",
    ],
}


@pytest.mark.parametrize("part", AGAIN)
def test_on_postgres(part: str, postgres: PostgresServer) -> None:
    url = postgres.empty_database()
    browser_tests = sorted((ROOT / "tests/desk").glob("test_browser_*.py"))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--reuse-db", "-W", "ignore", *AGAIN[part]),
            *(f"--ignore={path}" for path in browser_tests),
        ],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "TEST_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
