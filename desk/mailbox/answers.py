"""What the delivery of an answer means for the request that it answers."""

from __future__ import annotations

from desk.models import InformationRequest, Message, RequestEvent
from desk.rating_question import ask_rating

SETTLED_WELL = (Message.State.SENT, Message.State.WITHDRAWN)
State = InformationRequest.State


def answer_settled(message_id: int) -> None:
    """Move a request on once the last message of its answer has arrived, or one was refused.

    Call it in the transaction that settles the message. "Delivered" means that Telegram or the
    page took every part; a part that was refused gives the request back to the desk, where
    somebody has to do something about it. While it is unknown, the request stays "sent".
    """
    row = Message.objects.filter(pk=message_id).only("request", "state", "send_after").first()
    if row is None or row.request_id is None:
        return
    if row.state == Message.State.FAILED:
        _move(row.request_id, State.CHECKED)
    elif row.state == Message.State.SENT and not _parts_on_the_way(row):
        _arrived(row)


def _arrived(row: Message) -> None:
    request = row.request
    if request is not None and _move(request.pk, State.DELIVERED):
        ask_rating(request, row)


def _parts_on_the_way(row: Message) -> bool:
    # The messages of one answer, and those sent again in their place, have this in common.
    parts = Message.objects.filter(request=row.request_id, send_after=row.send_after)
    return parts.filter(resent_as__isnull=True).exclude(state__in=SETTLED_WELL).exists()


def _move(request_id: int, to: State) -> bool:
    """The steps "deliver" and "bounce" of ``desk.workflow``: both lead from "sent"."""
    changes: dict[str, object] = {"state": to}
    if to in InformationRequest.OPEN_STATES:
        changes["closed_at"] = None
    moved = InformationRequest.objects.filter(pk=request_id, state=State.SENT).update(**changes)
    if moved:
        RequestEvent.objects.create(request_id=request_id, kind=RequestEvent.Kind.STATE, state=to)
    return bool(moved)
