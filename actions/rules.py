"""The rules base as the actions use it: loaded once, read again when its files change."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from programmes import Catalogue, CatalogueError, load
from wegweiser.settings import ROOT

logger = logging.getLogger(__name__)

FOLDER = ROOT / "content" / "programmes"
LOOK_EVERY_S = 2.0


@dataclass
class _Kept:
    catalogue: Catalogue
    changed_ns: int
    looked_at: float


_kept: _Kept | None = None


def catalogue() -> Catalogue:
    """The programmes; a broken file is reported and the last good version stays.

    Raises:
        CatalogueError: broken from the very start.
    """
    global _kept
    now = time.monotonic()
    if _kept is not None and now - _kept.looked_at < LOOK_EVERY_S:
        return _kept.catalogue
    changed = max(path.stat().st_mtime_ns for path in FOLDER.rglob("*.yml"))
    if _kept is not None and _kept.changed_ns == changed:
        _kept.looked_at = now
        return _kept.catalogue
    try:
        _kept = _Kept(load(FOLDER), changed, now)
    except CatalogueError as broken:
        if _kept is None:
            raise
        logger.error("rules.broken kept=last_good %s", broken)
        _kept.changed_ns, _kept.looked_at = changed, now
    return _kept.catalogue
