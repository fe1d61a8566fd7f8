"""The rules base in memory: loaded once, read again when its files change.

A broken file is reported with line and remedy - in the log and, through :func:`problem`, at the
desk - and the last good version stays.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from programmes import Catalogue, CatalogueError, load
from wegweiser.settings import ROOT

logger = logging.getLogger(__name__)

FOLDER = ROOT / "content" / "programmes"
LOOK_EVERY_S = 2.0


@dataclass
class _Kept:
    catalogue: Catalogue
    state: frozenset[tuple[Path, int]]
    version: int
    looked_at: float
    problem: str = ""


_kept: dict[Path, _Kept] = {}


def catalogue(folder: Path = FOLDER) -> Catalogue:
    """The programmes, as of the last time that all files could be read.

    Raises:
        CatalogueError: broken from the very start.
    """
    return _look(folder).catalogue


def version(folder: Path = FOLDER) -> int:
    """Changes with each version of the programmes that is taken over."""
    return _look(folder).version


def problem(folder: Path = FOLDER) -> str:
    """What is wrong with the files now, with line and remedy; empty when nothing is."""
    try:
        return _look(folder).problem
    except CatalogueError as broken:
        return str(broken)


_reading = threading.Lock()
"""Reading takes seconds of processor time: one thread does it for all that ask meanwhile."""


def _look(folder: Path) -> _Kept:
    kept = _kept.get(folder)
    if kept is not None and time.monotonic() - kept.looked_at < LOOK_EVERY_S:
        return kept
    # Whoever knows an older version goes on with it while another thread reads.
    if not _reading.acquire(blocking=kept is None):
        assert kept is not None
        return kept
    try:
        return _read(folder)
    finally:
        _reading.release()


def _read(folder: Path) -> _Kept:
    now = time.monotonic()
    kept = _kept.get(folder)
    if kept is not None and now - kept.looked_at < LOOK_EVERY_S:
        return kept  # read by somebody else while we waited
    state = frozenset((path, path.stat().st_mtime_ns) for path in folder.rglob("*.yml"))
    if kept is not None and kept.state == state:
        kept.looked_at = now
        return kept
    try:
        read = _Kept(load(folder), state, kept.version + 1 if kept else 0, now)
    except CatalogueError as broken:
        if kept is None:
            raise
        logger.error("rules.broken kept=last_good %s", broken)
        kept.state, kept.looked_at, kept.problem = state, now, str(broken)
        return kept
    _kept[folder] = read
    return read
