"""What Rasa remembers of a conversation: one encrypted snapshot."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone

from desk.mailbox import database
from desk.mailbox import statements as sql
from wegweiser.encryption import decrypt, encrypt


def load_tracker(conversation_id: str) -> Any | None:
    """Rasa's snapshot of a conversation, or None."""
    row = database.first(sql.READ_MEMORY, [conversation_id])
    return None if row is None else json.loads(decrypt(row[0]))


def save_tracker(conversation_id: str, snapshot: Any) -> None:
    """Replace Rasa's snapshot of a conversation, in one statement."""
    stored = encrypt(json.dumps(snapshot))
    database.change(sql.KEEP_MEMORY, [conversation_id, stored, timezone.now()])
