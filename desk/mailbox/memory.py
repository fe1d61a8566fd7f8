"""What Rasa remembers of a conversation: one encrypted snapshot."""

from __future__ import annotations

from typing import Any

from desk.models import Tracker


def load_tracker(conversation_id: str) -> Any | None:
    """Rasa's snapshot of a conversation, or None."""
    rows = Tracker.objects.filter(conversation_id=conversation_id)
    return next(iter(rows.values_list("snapshot", flat=True)), None)


def save_tracker(conversation_id: str, snapshot: Any) -> None:
    """Replace Rasa's snapshot of a conversation, in one statement."""
    Tracker.objects.bulk_create(
        [Tracker(conversation_id=conversation_id, snapshot=snapshot)],
        update_conflicts=True,
        unique_fields=["conversation"],
        update_fields=["snapshot", "changed_at"],
    )
