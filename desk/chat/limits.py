"""Limits that nobody meets who writes by hand; they keep a script from filling the desk.

How fast one person is answered is the mailbox's policy, the same as for Telegram:
``desk.mailbox.rates``.
"""

from __future__ import annotations

import hashlib

from django.core.cache import caches
from django.utils import timezone

MAX_CHARACTERS = 4_000
NEW_CONVERSATIONS_A_MINUTE = 120
"""From one network address: a whole centre, or everybody behind a proxy, may share one."""


def too_many_new(network_address: str) -> bool:
    """Count one more new conversation from this network address; the address is not kept."""
    name = hashlib.sha256(network_address.encode()).hexdigest()[:16]
    key = f"chat.new.{name}.{timezone.now():%H%M}"
    counts = caches["process"]
    counts.add(key, 0, timeout=120)
    return counts.incr(key) > NEW_CONVERSATIONS_A_MINUTE
