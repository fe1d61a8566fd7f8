"""A PostgreSQL cluster of its own, in a folder that goes away; for benches and nothing else."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
ACCOUNT = "postgres"
"""PostgreSQL refuses to run as root; this account of the machine runs it then."""


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database.

    Raises:
        FileNotFoundError: PostgreSQL is not installed.
    """
    if not (PROGRAMS / "initdb").exists():
        raise FileNotFoundError(f"{PROGRAMS}/initdb: apt-get install -y postgresql-15")
    folder = Path(tempfile.mkdtemp(prefix="wegweiser-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT, ACCOUNT)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c shared_buffers=256MB"
    try:
        _run("initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-sync")
        _run("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            _run("createdb", "-h", "127.0.0.1", "-p", port, "-U", "bench", "desk")
            yield f"postgresql://bench@127.0.0.1:{port}/desk"
        finally:
            _run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, *arguments: object) -> None:
    as_account = ["runuser", "-u", ACCOUNT, "--"] if os.geteuid() == 0 else []
    command = [*as_account, str(PROGRAMS / program), *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
