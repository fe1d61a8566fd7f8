"""Limits that nobody meets who writes by hand; they keep a script from filling the desk.

How fast one person is answered is the mailbox's policy, the same as for Telegram:
``desk.mailbox.rates``.
"""

from __future__ import annotations

from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from wegweiser.encryption import lookup_hash

MAX_CHARACTERS = 4_000
NEW_CONVERSATIONS_A_MINUTE = 120
"""From one network address: a whole centre, or everybody behind a proxy, may share one."""


def too_many_new(network_address: str) -> bool:
    """Count one more new conversation from this network address; the address is not kept."""
    name = lookup_hash("network", network_address)[:16]  # it stands in a table: keyed
    key = f"chat.new.{name}.{timezone.now():%H%M}"
    counts = caches["default"]  # a table: all processes of the desk count together
    if counts.get(key, 0) >= NEW_CONVERSATIONS_A_MINUTE:
        return True  # without writing: what a script is refused costs nobody the database's lock
    with transaction.atomic():
        counts.set(key, counts.get(key, 0) + 1, timeout=120)
    return False
