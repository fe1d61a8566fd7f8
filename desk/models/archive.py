"""Answers of before: anonymous, found again by country, topic and the meaning of the question."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from desk.crypto import EncryptedJSONField, EncryptedTextField
from desk.models.accounts import Counsellor
from desk.models.requests import InformationRequest


class ArchivedAnswer(models.Model):
    """A question and its answer with nothing in them that says who asked.

    Proposed by one person, approved by another. Until then it belongs to its request and goes
    with it; from then on nothing leads back to the request.
    """

    # Only while it is proposed.
    request = models.OneToOneField(
        InformationRequest, null=True, on_delete=models.CASCADE, related_name="proposal"
    )
    # Empty: true of every country.
    country = models.CharField(_("country"), max_length=2, blank=True)
    # Empty: for people in both countries.
    host_country = models.CharField(_("lives in"), max_length=2, blank=True)
    topic = models.CharField(_("topic"), max_length=16)
    valid_as_of = models.DateField(_("valid as of"))
    # Passages that look like personal data and that the proposer has said are none.
    harmless = EncryptedJSONField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    # Of the question: float32, length one; and the fingerprint of the encoder that made it.
    vector = models.BinaryField(null=True, blank=True)
    encoder = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                name="archive_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
        )
        indexes = (
            models.Index(fields=("country", "topic", "approved_at"), name="archive_country_topic"),
        )
        permissions = (("approve_archive", _("May approve and retire archived answers")),)

    def __str__(self) -> str:
        return f"archived answer {self.pk}"


class ArchivedText(models.Model):
    """Question and answer in one language, as somebody wrote them."""

    answer = models.ForeignKey(ArchivedAnswer, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    # Empty where only the answer was written in this language.
    question = EncryptedTextField(blank=True)
    text = EncryptedTextField()

    class Meta:
        # The first is the one in which it was asked.
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("answer", "language"), name="archived_text_once"),
        )

    def __str__(self) -> str:
        return f"archived text {self.pk}"


class QuestionVector(models.Model):
    """The meaning of a request's question as numbers: computed once, erased with the request."""

    request = models.OneToOneField(
        InformationRequest, primary_key=True, on_delete=models.CASCADE, related_name="vector"
    )
    # Base64 of float32: a text could be guessed from it, so it is kept like one.
    vector = EncryptedTextField()
    encoder = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"vector {self.pk}"
