"""A real, private PostgreSQL for tests and benches: a cluster in a temporary folder, on no port.

It listens on a socket in that folder only, which nobody else may enter, and forgets everything at
its end. PostgreSQL refuses to run as root, so as root it runs under another account.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = Path("/usr/lib/postgresql")
USER = "wegweiser"
TEMPLATE = "migrated"
ACCOUNTS = ("postgres", "nobody")
"""Of Debian's package, and of every machine."""
MISSING = "PostgreSQL's server is not installed (apt-get install -y postgresql)"
UNDERTAKER = 'read _; "$0" stop --silent --mode immediate --pgdata "$1"; rm -rf "$2"/*'
# Nothing of it has to outlive the machine.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 200
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
log_min_messages = fatal
"""


def binaries() -> Path | None:
    """Where ``initdb`` and ``pg_ctl`` are: the newest version of Debian's package, or the path."""
    versions = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class PostgresServer:
    """Use it with ``with``; every ``database()`` is another one, with our tables in it."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self._folder = folder
        self._bin = bin_folder
        self._data = folder / "data"
        self._account = _account()
        self._numbers = itertools.count(1)
        self._has_template = False
        self._undertaker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> PostgresServer:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self._account is not None:
            shutil.chown(self._folder, self._account, pwd.getpwnam(self._account).pw_gid)
        self._run(
            *("initdb", "--pgdata", str(self._data), "--username", USER, "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        )
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(folder=self._folder))
        self.start()
        # Ends the server when the pipe closes, which it also does when this process is killed.
        self._undertaker = subprocess.Popen(
            ["sh", "-c", UNDERTAKER, self._bin / "pg_ctl", self._data, self._folder],
            cwd=self._folder,
            stdin=subprocess.PIPE,
            start_new_session=True,
            **self._as_account(),
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._undertaker is not None
        assert self._undertaker.stdin is not None
        self._undertaker.stdin.close()
        self._undertaker.wait(timeout=60)
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start and wait until it answers."""
        self._ctl("start", "--log", str(self._folder / "log"))

    def stop(self, how: str = "fast") -> None:
        """``fast`` ends every connection at once, as an operator's restart does."""
        self._ctl("stop", "--mode", how)

    def restart(self) -> None:
        """Stop and start: every connection breaks, everything stored stays."""
        self._ctl("restart", "--mode", "fast", "--log", str(self._folder / "log"))

    def url(self, name: str) -> str:
        """The ``DATABASE_URL`` of a database."""
        return f"postgresql://{USER}@{quote(str(self._folder), safe='')}/{name}"

    def empty_database(self) -> str:
        """Make a database without tables; its ``DATABASE_URL``."""
        return self._create("template0")

    def database(self) -> str:
        """Make a database with our tables, all empty; its ``DATABASE_URL``."""
        if not self._has_template:
            self.sql(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": self.url(TEMPLATE)},
                check=True,
            )
            self._has_template = True
        return self._create(TEMPLATE)

    def sql(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as the owner of the cluster."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _create(self, template: str) -> str:
        name = f"database_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def _ctl(self, *arguments: str) -> None:
        self._run("pg_ctl", "--pgdata", str(self._data), "--wait", "--silent", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        # Its output goes to a file: a server that inherited a pipe would keep it open for ever.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [self._bin / program, *arguments],
                cwd=self._folder,
                **self._as_account(),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
            )
            said.seek(0)
            assert done.returncode == 0, f"{program}: {said.read().decode()}"

    def _as_account(self) -> dict[str, Any]:
        if self._account is None:
            return {}
        group = pwd.getpwnam(self._account).pw_gid
        return {"user": self._account, "group": group, "extra_groups": []}


def _account() -> str | None:
    """Whom to run as: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return next(name for name in ACCOUNTS if name in known)


def private_server(folder: Path) -> PostgresServer:
    """A server in a folder that does not exist yet, or is empty.

    Skips the test where PostgreSQL is not installed; on CI it fails.
    """
    found = binaries()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return PostgresServer(folder, found)
