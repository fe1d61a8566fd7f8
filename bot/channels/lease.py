"""Whose lease it is: the name by which the mailbox knows this process, and who is dead."""

from __future__ import annotations

import os
import socket

HOST = socket.gethostname()[:40].replace(":", "-")


def process_name() -> str:
    """Host and process number; a claim adds a number of its own behind another colon."""
    return f"{HOST}:{os.getpid()}"


def is_dead_sibling(owner: str) -> bool:
    """Whether a lease belongs to another process of this machine that no longer runs."""
    return not owner.startswith(f"{process_name()}:") and is_dead_here(owner)


def is_dead_here(owner: str) -> bool:
    """Whether a lease belongs to a process of this machine that no longer runs.

    For use at the start only: a lease under our own number is then a predecessor's.
    """
    host, _, rest = owner.partition(":")
    pid = rest.partition(":")[0]
    if host != HOST or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it runs, under another account
        return False
    return False
