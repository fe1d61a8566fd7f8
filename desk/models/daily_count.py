"""How often people asked the assistant about what: numbers a day, of nobody in particular."""

from __future__ import annotations

from django.db import models


class DailyCount(models.Model):
    """One number of one day. No conversation and no text can be reached from it."""

    class Kind(models.TextChoices):
        ASKED = "asked", "asked"
        NOT_UNDERSTOOD = "not_understood", "not understood"

    day = models.DateField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # The intent that was asked about; empty for what was not understood.
    name = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, blank=True)
    host_country = models.CharField(max_length=2, blank=True)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("day", "kind", "name", "language", "host_country"), name="daily_count"
            ),
        )
        permissions = (("see_dashboard", "May see the figures of the desk"),)

    def __str__(self) -> str:
        return f"count {self.pk}"
