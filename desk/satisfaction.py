"""What people say about answers: one tap, an optional word, and figures that name nobody.

The question with its three buttons is written by ``desk.rating_question``. The last tap counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from desk.models import InformationRequest, Rating
from desk.requests import UnknownRequest

MAX_WORD = 500
"""Characters."""
FEWEST_SHOWN = 5
"""A smaller figure could be somebody."""
VALUES = tuple(Rating.Value.values)


def rate(conversation_id: str, reference: str, value: str) -> None:
    """Keep a tap; the same again changes nothing, another one replaces it.

    Raises:
        UnknownRequest: not a request of this conversation.
        ValueError: no such value.
    """
    if value not in VALUES:
        raise ValueError(value)
    with transaction.atomic():
        request = _of(conversation_id, reference)
        Rating.objects.update_or_create(request=request, defaults={"value": value})


def add_word(conversation_id: str, reference: str, word: str) -> None:
    """Keep the word that goes with the tap; a later one replaces it. Without a tap: nothing.

    Raises:
        UnknownRequest: not a request of this conversation.
    """
    with transaction.atomic():
        request = _of(conversation_id, reference)
        Rating.objects.filter(request=request).update(word=word[:MAX_WORD])


def _of(conversation_id: str, reference: str) -> InformationRequest:
    found = (
        InformationRequest.objects.select_for_update(of=("self",))
        .filter(conversation_id=conversation_id, reference=reference)
        .first()
    )
    if found is None:
        raise UnknownRequest(reference)
    return found


@dataclass(frozen=True)
class Satisfaction:
    """How many said what in a period. None: fewer than ``FEWEST_SHOWN``, or it would tell them."""

    total: int | None
    by_value: Mapping[str, int | None]
    """For each of ``VALUES``."""


def counts(
    requests: QuerySet[InformationRequest], since: datetime, until: datetime
) -> Satisfaction:
    """Ratings given from ``since`` and before ``until`` about these requests.

    ``requests`` are those that whoever reads may see (``desk.console.access.requests_for``).
    """
    ratings = Rating.objects.filter(
        request__in=requests, created_at__gte=since, created_at__lt=until
    )
    found = dict(ratings.order_by().values_list("value").annotate(Count("pk")))
    shown = {value: _hidden(found.get(value, 0)) for value in VALUES}
    hidden = [found.get(value, 0) for value, number in shown.items() if number is None]
    # From the total and the figures that are shown, the hidden ones could be worked out.
    is_safe = not hidden or sum(hidden) >= FEWEST_SHOWN
    return Satisfaction(_hidden(sum(found.values())) if is_safe else None, shown)


def _hidden(number: int) -> int | None:
    return number if number >= FEWEST_SHOWN else None
