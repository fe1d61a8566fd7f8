"""Requests for information: what counsellors work on for days."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.crypto import EncryptedJSONField, EncryptedTextField
from desk.models.accounts import Counsellor
from desk.models.mailbox import Conversation
from desk.models.teams import Team

FILTERED = ("state", "taken_by", "team", "language", "host_country", "country", "topic")
"""What the work list is narrowed by."""


class InformationRequest(models.Model):
    """A question that a counsellor answers days later (RIF in Switzerland, ZIRF in Germany)."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        TAKEN = "taken", _("taken")
        WITH_COUNTRY_OFFICE = "with_country_office", _("with the country office")
        ANSWER_RECEIVED = "answer_received", _("answer received")
        CHECKED = "checked", _("checked")
        SENT = "sent", pgettext_lazy("state of a request", "sent")
        DELIVERED = "delivered", _("delivered")
        CLOSED = "closed", _("closed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Reason(models.TextChoices):
        """Why a question can't be answered this way; ``utter_declined_<reason>`` says it."""

        ASYLUM = "asylum", _("about the asylum procedure")
        SECURITY = "security", _("about the security situation")
        NOT_RETURN = "not_return", _("not about return")
        OTHER = "other", _("another reason")

    # Somebody at the desk still has to do something. What leads from one state to the next:
    # desk.workflow.
    OPEN_STATES = (
        State.RECEIVED,
        State.TAKEN,
        State.WITH_COUNTRY_OFFICE,
        State.ANSWER_RECEIVED,
        State.CHECKED,
    )
    DONE_STATES = (
        State.SENT,
        State.DELIVERED,
        State.CLOSED,
        State.DECLINED,
        State.WITHDRAWN,
    )

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
    # What the person told about their situation, {fact: value}; only where they agreed to it.
    facts = EncryptedJSONField(null=True, blank=True)
    state = models.CharField(
        max_length=20, choices=State.choices, default=State.RECEIVED, db_index=True
    )
    taken_by = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests"
    )
    declined_because = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    promised_on = models.DateField(db_index=True)
    # The promise that the person knows will not be kept: each is said to be late once.
    delay_told_for = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Empty exactly while the state is one of OPEN_STATES.
    closed_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        ordering = ("promised_on", "id")
        indexes = (
            # The counts on the work list, filtered or not, are read from this index alone ...
            models.Index(
                fields=(*FILTERED, "promised_on", "closed_at"),
                name="request_counts",
            ),
            # ... and its pages in the order of one of these two, which hold every filter. The
            # condition has no parameter: with one, SQLite would not use them.
            models.Index(
                fields=("promised_on", "id", *FILTERED),
                name="request_due",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=("-closed_at", "-id", *FILTERED),
                name="request_done",
                condition=models.Q(closed_at__isnull=False),
            ),
            # The figures of a period.
            models.Index(
                fields=("created_at", "team", "country", "topic", "language", "host_country"),
                name="request_received",
            ),
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
        MOVED = "moved", _("given to a colleague or team")
        STATE = "state", _("state")
        ANSWER = "answer", _("answer sent")
        NOTE = "note", _("note")
        WITHDRAWN = "withdrawn", _("withdrawn by the person")
        UNDONE = "undone", _("taken back before it was sent")
        RESENT = "resent", _("sent again")
        PROMISED = "promised", _("new date told to the person")
        DELAY_TOLD = "delay_told", _("delay told to the person")
        FILE = "file", _("the person added a file")

    request = models.ForeignKey(InformationRequest, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    origin_key = models.CharField(max_length=120, unique=True, null=True)
    state = models.CharField(max_length=20, blank=True)
    text = EncryptedTextField(blank=True)
    counsellor = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Of a request that was moved: whose it is now.
    to_counsellor = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    to_team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"event {self.pk}"
