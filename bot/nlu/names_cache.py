"""The finder of names, kept on disk: building it from sixteen languages takes five seconds."""

from __future__ import annotations

import hashlib
import logging
import pickle
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from bot.nlu.paths import LANGUAGES, NAMES, PLACES, PROGRAMMES, fingerprint_of_code

if TYPE_CHECKING:
    from bot.nlu.finding import NameFinder

logger = logging.getLogger(__name__)


def kept_finder(folder: Path = NAMES) -> NameFinder:
    """The finder for the present files, from disk if it was built before.

    The file is ours and lies in `var/`, where only we write; it may be deleted at any time.
    """
    path = _kept(folder)
    try:
        found: NameFinder = pickle.loads(path.read_bytes())
        return found
    except FileNotFoundError:
        pass
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError) as broken:
        logger.warning("names.cache_broken rebuilt=%s %s", path.name, broken)
    from bot.nlu.finding import NameFinder  # what is kept imports it by itself

    finder = NameFinder()
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{path.name}.part"
    part.write_bytes(pickle.dumps(finder, protocol=pickle.HIGHEST_PROTOCOL))
    part.replace(path)
    for older in folder.glob("*.pickle"):
        if older != path:
            older.unlink(missing_ok=True)
    return finder


def _kept(folder: Path) -> Path:
    return folder / f"{_fingerprint()}.pickle"


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{fingerprint_of_code()} {version('babel')}".encode())
    files = [LANGUAGES, *sorted(PLACES.glob("*.yml")), *sorted(PROGRAMMES.rglob("*.yml"))]
    for path in files:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    if not _kept(NAMES).exists():
        kept_finder()  # beside training, so that the next start finds it ready
