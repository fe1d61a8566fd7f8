"""The tables. Rows of the first three are the mailbox; the others are what counsellors work on.

Only ``desk`` reads this module; ``bot`` and ``actions`` come through the doors.
"""

from __future__ import annotations

import secrets
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.crypto import EncryptedJSONField, EncryptedTextField


def conversation_id() -> str:
    """A random id; Rasa, logs and metrics know a person by nothing else."""
    return uuid.uuid4().hex


def button_token() -> str:
    """Twelve random characters: names one outgoing message in the buttons it carries."""
    return secrets.token_urlsafe(9)


class Counsellor(AbstractUser):
    """Somebody with an account at the desk; what they may do is their groups (desk.roles)."""

    language = models.CharField(_("language"), max_length=8, default="en")


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
    waiting_since = models.DateTimeField(null=True, blank=True, db_index=True)
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
        permissions = (
            ("work_conversations", _("May talk to people in live conversations")),
            ("move_conversations", _("May end a live conversation that a colleague holds")),
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
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=64, blank=True)
    answers_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    external_id = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=("direction", "id"),
                name="message_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=("conversation", "id"), name="message_conversation"),
        )


class Tracker(models.Model):
    """What Rasa remembers of a conversation: one encrypted snapshot, replaced each turn."""

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.CASCADE, related_name="tracker"
    )
    snapshot = EncryptedJSONField()
    changed_at = models.DateTimeField(auto_now=True)


class InformationRequest(models.Model):
    """A question that a counsellor answers days later (RIF in Switzerland, ZIRF in Germany)."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        TAKEN = "taken", _("taken")
        WITH_COUNTRY_OFFICE = "with_country_office", _("with the country office")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Reason(models.TextChoices):
        """Why a question can't be answered this way; ``utter_declined_<reason>`` says it."""

        ASYLUM = "asylum", _("about the asylum procedure")
        SECURITY = "security", _("about the security situation")
        NOT_RETURN = "not_return", _("not about return")
        OTHER = "other", _("another reason")

    OPEN_STATES = (State.RECEIVED, State.TAKEN, State.WITH_COUNTRY_OFFICE)

    # The incoming message that confirmed it: the same confirmation never opens two requests.
    origin_key = models.CharField(max_length=120, unique=True)
    reference = models.CharField(max_length=8, unique=True)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="requests"
    )
    language = models.CharField(max_length=8)
    host_country = models.CharField(max_length=2)
    country = models.CharField(max_length=2, blank=True)
    place = EncryptedTextField(blank=True)
    topic = models.CharField(max_length=16)
    question = EncryptedTextField()
    shares_conversation = models.BooleanField(default=False)
    state = models.CharField(
        max_length=20, choices=State.choices, default=State.RECEIVED, db_index=True
    )
    taken_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests"
    )
    declined_because = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    promised_on = models.DateField(db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        ordering = ("promised_on", "id")
        # The counts on the work list are read from this index alone.
        indexes = (
            models.Index(fields=("state", "taken_by", "promised_on"), name="request_worklist"),
        )
        permissions = (
            ("work_requests", _("May read and answer requests for information")),
            ("move_requests", _("May take a request from a colleague or give it back")),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in self.OPEN_STATES


class RequestEvent(models.Model):
    """One line of a request's timeline: what happened, who did it; a text where one was written."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened by the person")
        ADDED = "added", _("the person added")
        TAKEN = "taken", _("taken")
        RELEASED = "released", _("given back")
        STATE = "state", _("state")
        ANSWER = "answer", _("answer sent")
        NOTE = "note", _("note")
        WITHDRAWN = "withdrawn", _("withdrawn by the person")

    request = models.ForeignKey(InformationRequest, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    origin_key = models.CharField(max_length=120, unique=True, null=True)
    state = models.CharField(max_length=20, blank=True)
    text = EncryptedTextField(blank=True)
    counsellor = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)


class DeskEvent(models.Model):
    """The desk's own log: which counsellor saw or did what. Ids only, never a text."""

    class Kind(models.TextChoices):
        SAW_REQUEST = "saw_request", _("opened a request")
        SAW_CONVERSATION = "saw_talk", _("opened a conversation")
        TOOK_OVER = "took_over", _("took over a conversation")
        WROTE = "wrote", _("wrote to the person")
        HANDED_BACK = "handed_back", _("handed a conversation back")
        SAW_DANGER = "saw_danger", _("marked a danger as seen")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    counsellor = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    conversation = models.ForeignKey(
        Conversation, null=True, blank=True, on_delete=models.SET_NULL, related_name="desk_events"
    )
    request = models.ForeignKey(
        InformationRequest,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="desk_events",
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ("id",)
        permissions = (("read_desk_log", _("May read who saw and did what")),)
