"""Tell the assistant that a row is waiting, so that it does not have to look all the time.

A knock at the door, nothing more: the row is stored already and the assistant finds it by itself
a little later when nobody hears the knock. So it is sent from a thread of its own, with a short
time-out, and its failure is no error.
"""

from __future__ import annotations

import logging
import threading

import httpx
from django.db import connection, transaction

from wegweiser.settings import settings

logger = logging.getLogger(__name__)

PATH = "/webhooks/mailbox/wake"
TIMEOUT_S = 0.5

_asked = threading.Event()
_start = threading.Lock()
_thread: threading.Thread | None = None


def wake_assistant() -> None:
    """Knock once the present transaction is committed; many calls at once are one knock."""
    transaction.on_commit(_ask)


def _ask() -> None:
    global _thread
    if connection.vendor == "postgresql":
        return  # it tells every assistant by itself, on whichever machine (desk.mailbox.listening)
    _asked.set()
    with _start:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_knock_when_asked, name="desk-wake", daemon=True)
            _thread.start()


def _knock_when_asked() -> None:
    with httpx.Client(timeout=TIMEOUT_S, trust_env=False) as client:
        while True:
            _asked.wait()
            _asked.clear()
            try:
                client.post(f"http://127.0.0.1:{settings().assistant_port}{PATH}")
            except httpx.HTTPError as nobody:
                logger.debug("wake.unheard error=%s", type(nobody).__name__)
