"""Out, to the web page: the page reads by itself, so nothing is claimed and nothing is doubtful."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from desk.mailbox.answers import answer_settled
from desk.mailbox.deliveries import finish_erasure
from desk.models import Conversation, Message


def due(rows: QuerySet[Message]) -> QuerySet[Message]:
    """Without the rows that can still be taken back: nobody may see them yet."""
    now = timezone.now()
    return rows.filter(Q(send_after__isnull=True) | Q(send_after__lte=now))


def web_arrived(conversation_id: str, message_ids: Collection[int]) -> int:
    """The page shows these messages: they are sent. Returns how many were not known to be.

    A message that is not named stays waiting, and the page is given it again.
    """
    out = Message.objects.filter(
        conversation_id=conversation_id,
        conversation__channel=Conversation.Channel.WEB,
        direction=Message.Direction.OUT,
        state=Message.State.WAITING,
    )
    with transaction.atomic():
        shown = due(out.filter(pk__in=message_ids))
        answers = list(shown.filter(kind=Message.KIND_ANSWER).values_list("pk", flat=True))
        arrived = shown.update(state=Message.State.SENT, attempts=1, settled_at=timezone.now())
        for answer in answers:
            answer_settled(answer)
        if not out.exists():
            finish_erasure(conversation_id)
    return arrived
