"""The desk's own log."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.models.accounts import Counsellor
from desk.models.mailbox import Conversation
from desk.models.requests import InformationRequest


class DeskEvent(models.Model):
    """The desk's own log: which counsellor saw or did what. Ids only, never a text."""

    class Kind(models.TextChoices):
        SAW_REQUEST = "saw_request", _("opened a request")
        SAW_CONVERSATION = "saw_talk", _("opened a conversation")
        TOOK_OVER = "took_over", _("took over a conversation")
        WROTE = "wrote", _("wrote to the person")
        HANDED_BACK = "handed_back", _("handed a conversation back")
        SAW_DANGER = "saw_danger", _("marked a danger as seen")
        FETCHED_FILE = "fetched_file", _("opened a file")
        ERASED = "erased", _("the person had everything erased")

    kind = models.CharField(max_length=24, choices=Kind.choices)
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

    def __str__(self) -> str:
        return f"desk event {self.pk}"
