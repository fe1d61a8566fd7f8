"""What Telegram brought to the webhook's process and no bot has read yet."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from desk.crypto import EncryptedBytesField


class UnreadUpdate(models.Model):
    """One update as it came, until a bot makes of it what it means (``desk.mailbox.unread``).

    ``bot.webhook`` writes the rows with SQL of its own: only the first three columns, so whatever
    is added here has a default in the database.
    """

    update_id = models.BigIntegerField(primary_key=True)
    # Of whoever it is about, as in Conversation; empty where that is nobody.
    address_hash = models.CharField(max_length=64, blank=True)
    body = EncryptedBytesField()
    received_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"update {self.pk}"
