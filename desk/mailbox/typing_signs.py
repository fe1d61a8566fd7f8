"""To whom the assistant shows that a counsellor is typing."""

from __future__ import annotations

from django.utils import timezone

from desk.models import Conversation
from desk.typing_signs import SHOWN_FOR


def typing_to(channel: str) -> list[str]:
    """The addresses on a channel that a counsellor is typing to just now.

    Read at a knock from the desk, from an index that is nearly always empty.
    """
    rows = Conversation.objects.filter(
        counsellor_typing_at__gt=timezone.now() - SHOWN_FOR,
        channel=channel,
        handled_by__isnull=False,
        blocked_at__isnull=True,
    )
    return list(rows.values_list("address", flat=True))
