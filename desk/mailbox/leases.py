"""Leases: what only one process of the installation may do at a time, whoever holds it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper, Q, Value
from django.db.models.functions import Now

from desk.models import Lease


def hold_lease(name: str, holder: str, lasting: timedelta) -> bool:
    """Take a free lease, or go on holding one's own; False while somebody else holds it.

    Time is the database's, so the clocks of the machines need not agree.
    """
    until = ExpressionWrapper(Now() + Value(lasting), output_field=DateTimeField())
    # The conditional update is the lock: of two processes one changes the row.
    free = Lease.objects.filter(Q(holder=holder) | Q(until__lte=Now()), pk=name)
    if free.update(holder=holder, until=until):
        return True
    _, is_new = Lease.objects.get_or_create(pk=name, defaults={"until": Now()})
    return is_new and bool(free.update(holder=holder, until=until))


def release_lease(name: str, holder: str) -> None:
    """Give a lease back, so that the next process need not wait until it ends."""
    Lease.objects.filter(pk=name, holder=holder).update(holder="", until=Now())
