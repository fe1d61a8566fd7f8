"""What a person says about the answer to their question."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.crypto import EncryptedTextField
from desk.models.requests import InformationRequest


class Rating(models.Model):
    """One tap below an answer, one a request: the last counts. The word is optional."""

    class Value(models.TextChoices):
        HELPED = "helped", _("helped")
        PARTLY = "partly", _("helped in part")
        NOT = "not", _("did not help")

    request = models.OneToOneField(
        InformationRequest, primary_key=True, on_delete=models.CASCADE, related_name="rating"
    )
    value = models.CharField(max_length=8, choices=Value.choices)
    word = EncryptedTextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"rating {self.pk}"
