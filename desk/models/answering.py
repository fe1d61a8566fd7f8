"""What an answer is made of: its draft, the translations, canned answers, and who is looking."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.crypto import EncryptedTextField
from desk.models.accounts import Counsellor
from desk.models.requests import InformationRequest


class Translation(models.Model):
    """What both translations of a request have: by whom they are, and who has read them."""

    # Whether a machine made it; what somebody has checked since stays the machine's, checked.
    by_machine = models.BooleanField(default=False)
    checked_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def is_unchecked_machine(self) -> bool:
        """Whether nobody has read what a machine wrote."""
        return self.by_machine and self.checked_by_id is None


class Draft(Translation):
    """The answer to a request while it is written: kept, so that a colleague sees it."""

    request = models.OneToOneField(
        InformationRequest, primary_key=True, on_delete=models.CASCADE, related_name="draft"
    )
    # In the counsellor's language; the person never sees it.
    source = EncryptedTextField(blank=True)
    source_language = models.CharField(max_length=8, blank=True)
    # In the person's language: what is sent.
    text = EncryptedTextField(blank=True)
    # Counts up with each change: whoever saves names the one they began from.
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)
    # Done with; kept until the next one so that sending can be undone.
    sent = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"draft {self.pk}"


class QuestionTranslation(Translation):
    """The question, and what the person added, in a language that the desk reads."""

    request = models.OneToOneField(
        InformationRequest, primary_key=True, on_delete=models.CASCADE, related_name="translation"
    )
    language = models.CharField(max_length=8)
    text = EncryptedTextField()
    changed_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"translation {self.pk}"


class Presence(models.Model):
    """A counsellor has this request open; true while ``seen_at`` is recent."""

    request = models.ForeignKey(
        InformationRequest, on_delete=models.CASCADE, related_name="presences"
    )
    counsellor = models.ForeignKey(Counsellor, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("request", "counsellor"), name="presence_once"),
        )

    def __str__(self) -> str:
        return f"presence {self.pk}"


class CannedAnswer(models.Model):
    """A text that is needed again and again; one in each language, written at the desk."""

    title = models.CharField(_("title"), max_length=120)
    topic = models.CharField(_("topic"), max_length=16, blank=True)
    # Empty: for both countries.
    host_country = models.CharField(_("host country"), max_length=2, blank=True)
    changed_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("title", "id")
        permissions = (("edit_canned_answers", _("May write canned answers")),)

    def __str__(self) -> str:
        return f"canned answer {self.pk}"


class CannedText(models.Model):
    """A canned answer in one language. Not about a person, so not encrypted."""

    answer = models.ForeignKey(CannedAnswer, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    text = models.TextField()

    class Meta:
        ordering = ("language",)
        constraints = (
            models.UniqueConstraint(fields=("answer", "language"), name="canned_text_once"),
        )

    def __str__(self) -> str:
        return f"canned text {self.pk}"
