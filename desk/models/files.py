"""Files that a person sends: what is known of each, and apart from it the encrypted content."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.crypto import EncryptedBytesField, EncryptedTextField
from desk.models.mailbox import Conversation, Message
from desk.models.requests import InformationRequest


def file_id() -> str:
    """A random id: the address of a file can't be guessed from another one's."""
    return uuid.uuid4().hex


class StoredFile(models.Model):
    """One photo, PDF or voice message. Nothing is fetched before the person agrees."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        PDF = "pdf", _("PDF document")
        VOICE = "voice", _("Voice message")

    class State(models.TextChoices):
        # offered -> wanted -> kept | refused
        OFFERED = "offered", _("not shown to anybody")
        WANTED = "wanted", _("being fetched")
        KEPT = "kept", _("kept")
        REFUSED = "refused", _("not taken")

    class For(models.TextChoices):
        """Who may see it."""

        NOBODY = "nobody"
        TALK = "talk"
        DRAFT = "draft"  # the request that the person is writing
        REQUEST = "request"

    class Problem(models.TextChoices):
        TOO_BIG = "too_big", _("too big")
        TOO_MANY = "too_many", _("too many files on one day")
        WRONG_TYPE = "wrong_type", _("of a kind that is not taken")
        UNREADABLE = "unreadable", _("damaged")
        GONE = "gone", _("could not be fetched")

    id = models.CharField(primary_key=True, max_length=32, default=file_id)
    key = models.CharField(max_length=120, unique=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="files")
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="files"
    )
    request = models.ForeignKey(
        InformationRequest, null=True, blank=True, on_delete=models.CASCADE, related_name="files"
    )
    # What the sender says it is until it is fetched; then what its bytes say.
    kind = models.CharField(max_length=8, choices=Kind.choices)
    media_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(default=0)
    remote_id = EncryptedTextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OFFERED)
    goes_to = models.CharField(max_length=8, choices=For.choices, default=For.NOBODY)
    problem = models.CharField(max_length=12, choices=Problem.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("created_at", "id")
        indexes = (
            models.Index(
                fields=("next_try_at",),
                name="file_wanted",
                condition=models.Q(state="wanted"),
            ),
        )

    def __str__(self) -> str:
        return f"file {self.pk}"


class FileContent(models.Model):
    """The bytes, in a table of their own: whoever lists files does not read them."""

    file = models.OneToOneField(
        StoredFile, primary_key=True, on_delete=models.CASCADE, related_name="content"
    )
    content = EncryptedBytesField()

    def __str__(self) -> str:
        return f"content of {self.pk}"
