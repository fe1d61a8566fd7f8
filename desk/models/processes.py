"""What the processes of one installation agree on through the database."""

from __future__ import annotations

from django.db import models


class Lease(models.Model):
    """Something that only one process may do at a time, e.g. ask Telegram for updates."""

    name = models.CharField(primary_key=True, max_length=32)
    holder = models.CharField(max_length=64, blank=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class SendPace(models.Model):
    """How fast all senders of a channel together may send (``desk.mailbox.pace``)."""

    channel = models.CharField(primary_key=True, max_length=16)
    # Seconds since 1970 by the database's clock: both databases reckon with a number alike.
    free_at = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return self.channel
