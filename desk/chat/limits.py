"""Limits that nobody meets who writes by hand; they keep a script from filling the desk."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.core.cache import caches
from django.utils import timezone

from desk.models import Conversation, Message

MAX_CHARACTERS = 4_000
MESSAGES_A_MINUTE = 20
NEW_CONVERSATIONS_A_MINUTE = 120
"""From one network address: a whole centre, or everybody behind a proxy, may share one."""


def writes_too_fast(conversation: Conversation | None) -> bool:
    """Whether this conversation has had its messages for this minute."""
    if conversation is None:
        return False
    recent = Message.objects.filter(
        conversation=conversation,
        direction=Message.Direction.IN,
        created_at__gt=timezone.now() - timedelta(minutes=1),
    )
    return recent.count() >= MESSAGES_A_MINUTE


def too_many_new(network_address: str) -> bool:
    """Count one more new conversation from this network address; the address is not kept."""
    name = hashlib.sha256(network_address.encode()).hexdigest()[:16]
    key = f"chat.new.{name}.{timezone.now():%H%M}"
    counts = caches["process"]
    counts.add(key, 0, timeout=120)
    return counts.incr(key) > NEW_CONVERSATIONS_A_MINUTE
