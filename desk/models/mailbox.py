"""The mailbox: conversations, their messages, and what Rasa remembers of them."""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.crypto import EncryptedJSONField, EncryptedTextField
from desk.models.accounts import Counsellor
from desk.models.teams import Team


def conversation_id() -> str:
    """A random id; Rasa, logs and metrics know a person by nothing else."""
    return uuid.uuid4().hex


def button_token() -> str:
    """Twelve random characters: names one outgoing message in the buttons it carries."""
    return secrets.token_urlsafe(9)


IS_LIVE = (
    models.Q(waiting_since__isnull=False)
    | models.Q(handled_by__isnull=False)
    | models.Q(danger_since__isnull=False)
)
"""What may stand on the work list; the few such conversations have an index of their own."""


class Conversation(models.Model):
    """One person on one channel. ``handled_by`` empty: the assistant answers."""

    class Channel(models.TextChoices):
        TELEGRAM = "telegram", "Telegram"
        WEB = "web", _("Web chat")

    id = models.CharField(primary_key=True, max_length=32, default=conversation_id)
    channel = models.CharField(max_length=16, choices=Channel.choices)
    address_hash = models.CharField(max_length=64, unique=True)
    address = EncryptedTextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    language_hint = models.CharField(max_length=8, blank=True)
    host_country = models.CharField(max_length=2, blank=True)
    country = models.CharField(max_length=2, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    handled_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    waiting_since = models.DateTimeField(null=True, blank=True, db_index=True)
    # Who passed it on to the one who has it now, until that one has read it.
    passed_on_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # When each was last seen typing (desk.typing_signs); true for some seconds only.
    counsellor_typing_at = models.DateTimeField(null=True, blank=True)
    person_typing_at = models.DateTimeField(null=True, blank=True)
    danger_since = models.DateTimeField(null=True, blank=True, db_index=True)
    danger_seen_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    blocked_at = models.DateTimeField(null=True, blank=True)
    erase_asked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_message_at = models.DateTimeField(null=True, blank=True)
    # Who works on, and who delivers, this conversation, and until when nobody else may.
    worker = models.CharField(max_length=64, blank=True)
    worker_until = models.DateTimeField(null=True, blank=True)
    sender = models.CharField(max_length=64, blank=True)
    sender_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("id",), name="conversation_live", condition=IS_LIVE),
            # Asked for at each knock at the assistant's door; nearly always empty.
            models.Index(
                fields=("counsellor_typing_at",),
                name="conversation_typing",
                condition=models.Q(counsellor_typing_at__isnull=False),
            ),
        )
        permissions = (
            ("work_conversations", _("May talk to people in live conversations")),
            (
                "move_conversations",
                _("May end or pass on a live conversation that a colleague holds"),
            ),
        )

    def __str__(self) -> str:
        return self.id


class Message(models.Model):
    """One message in or out. Its key is unique, so the same thing is never stored twice."""

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"

    class Author(models.TextChoices):
        PERSON = "person", _("Person")
        ASSISTANT = "assistant", _("Assistant")
        COUNSELLOR = "counsellor", _("Counsellor")

    class State(models.TextChoices):
        # in: waiting -> done | set_aside.   out: waiting -> sending -> sent | unknown | failed,
        # and back to waiting while it is worth trying; blocked waits for the person to write.
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        SET_ASIDE = "set_aside", _("set aside")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNKNOWN = "unknown", _("perhaps sent")
        BLOCKED = "blocked", _("blocked by the person")
        FAILED = "failed", _("not sent")
        # out, before it was sent: undone, or another row goes in its place.
        WITHDRAWN = "withdrawn", _("taken back")

    KIND_ANSWER = "answer"
    """What settles a request when it is delivered; a delay notice, say, does not."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    key = models.CharField(max_length=120, unique=True)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    author = models.CharField(max_length=12, choices=Author.choices)
    counsellor = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    request = models.ForeignKey(
        "InformationRequest",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="answers",
    )
    kind = models.CharField(max_length=16, default="text")
    text = EncryptedTextField(blank=True)
    # Of the text, for screen readers and its direction; empty when nobody knows.
    language = models.CharField(max_length=8, blank=True)
    # in: what a pressed button stands for; out: the buttons, [{"title": ..., "payload": ...}].
    payload = EncryptedJSONField(null=True, blank=True)
    token = models.CharField(max_length=16, unique=True, default=button_token)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    # out: not to be delivered before; until then it can be taken back.
    send_after = models.DateTimeField(null=True, blank=True)
    # in: beyond what a person may write in a minute; read together with what follows.
    surplus = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    # in: how often a process died with it in hand.
    crashes = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=64, blank=True)
    answers_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The row that went out in place of this one, which did not arrive or perhaps did not.
    resent_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    external_id = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=("direction", "conversation", "id"),
                name="message_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=("conversation", "id"), name="message_conversation"),
        )

    def __str__(self) -> str:
        return f"message {self.pk}"


class Tracker(models.Model):
    """What Rasa remembers of a conversation: one encrypted snapshot, replaced each turn."""

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.CASCADE, related_name="tracker"
    )
    snapshot = EncryptedJSONField()
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"memory of {self.pk}"
