"""Database, processes and settings that tests share; `tests/environment.py` came before."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.environment import HERE
from tests.postgres import PostgresServer, private_server

ONE_PROCESS = "tests/system/"
"""One running system for all of them."""
LONGEST_FIRST = ("tests/test_on_postgres", ONE_PROCESS, "tests/nlu/test_evaluate")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of two processes none should begin something long when the other is about to end."""

    def place(item: pytest.Item) -> int:
        found = (at for at, name in enumerate(LONGEST_FIRST) if item.nodeid.startswith(name))
        return next(found, len(LONGEST_FIRST))

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With ``-n``: a file is in one process, and so are all that share the running system."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return ONE_PROCESS if nodeid.startswith(ONE_PROCESS) else super()._split_scope(nodeid)

    config.option.loadscopereorder = False  # our order
    return Scheduling(config, log)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A file, not memory: threads and processes of a test share it, as they do in real life."""
    from django.db import connections

    for connection in connections.all():
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(HERE.name) / "pytest.db")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL of our own, started once for all tests that need one."""
    # Not pytest's folder: the path of a socket must be short, and other accounts may enter it.
    with tempfile.TemporaryDirectory(prefix="wegweiser-pg-") as folder:
        Path(folder).chmod(0o711)
        with private_server(Path(folder) / "pg") as server:
            yield server


@pytest.fixture
def set_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Change settings for one test: ``set_settings(TELEGRAM_BOT_TOKEN="...")``."""
    from wegweiser.settings import settings

    def change(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()

    yield change
    monkeypatch.undo()
    settings.cache_clear()
