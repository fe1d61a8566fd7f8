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
        "tests/bot/channels/test_unread.py",
        "tests/bot/channels/test_webhook.py",
        "tests/bot/channels/test_worker.py",
    ],
}
ONCE_IS_ENOUGH = (
    "tests/desk/test_browser_*.py",
    "tests/desk/test_access.py",
    "tests/desk/test_office_hours.py",
    "tests/desk/test_personal_data.py",
    "tests/desk/test_request_page.py",
    "tests/desk/test_roles.py",
    "tests/desk/test_serving.py",
)
"""Pages, words and permissions: another database changes nothing in them."""

LONGEST_TEST_S = 240
"""A test that takes longer hangs: where is told."""
LONGEST_S = 1800


@pytest.mark.parametrize("part", AGAIN)
def test_on_postgres(part: str, postgres: PostgresServer) -> None:
    url = postgres.empty_database()
    once = [path for names in ONCE_IS_ENOUGH for path in sorted(ROOT.glob(names))]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--reuse-db", "-W", "ignore", *AGAIN[part]),
            *("-o", f"faulthandler_timeout={LONGEST_TEST_S}"),
            *(f"--ignore={path}" for path in once),
        ],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "TEST_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=LONGEST_S,
    )
    assert done.returncode == 0, done.stdout[-6000:]
