"""The desk's own log."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.models.accounts import Counsellor
from desk.models.mailbox import Conversation
from desk.models.requests import InformationRequest
from desk.models.teams import Team


class DeskEvent(models.Model):
    """The desk's own log: who saw or did what, to whose account. Ids and codes, no text."""

    class Kind(models.TextChoices):
        SAW_REQUEST = "saw_request", _("opened a request")
        SAW_CONVERSATION = "saw_talk", _("opened a conversation")
        TOOK_OVER = "took_over", _("took over a conversation")
        WROTE = "wrote", _("wrote to the person")
        HANDED_BACK = "handed_back", _("handed a conversation back")
        SAW_DANGER = "saw_danger", _("marked a danger as seen")
        PASSED_ON = "passed_on", _("passed a conversation on")
        LOGGED_IN = "logged_in", _("logged in")
        PASSWORD_SET = "password_set", _("set their password")
        SECOND_FACTOR_ON = "second_factor_on", _("set up a second factor")
        SECOND_FACTOR_OFF = "second_factor_off", _("removed a second factor")
        INVITED = "invited", _("made an account")
        LINK_MADE = "link_made", _("made a link to set a password")
        ACCOUNT_CHANGED = "account_changed", _("changed an account")
        ACCOUNT_OFF = "account_off", _("switched an account off")
        ACCOUNT_ON = "account_on", _("switched an account on")
        LOGGED_OUT = "logged_out", _("logged an account out everywhere")
        TEAM_CHANGED = "team_changed", _("changed a team")
        TEAM_GONE = "team_gone", _("dissolved a team")
        TOOK_FIGURES = "took_figures", _("took the figures out as a file")
        PRINTED = "printed", _("made a request sheet")
        TRANSLATED = "translated", _("had a text translated by the machine")
        FETCHED_FILE = "fetched_file", _("opened a file")
        ARCHIVE_PROPOSED = "archive_proposed", _("proposed an answer for the archive")
        ARCHIVE_APPROVED = "archive_approved", _("approved an answer for the archive")
        ARCHIVE_DISCARDED = "archive_discarded", _("discarded a proposal for the archive")
        ARCHIVE_RETIRED = "archive_retired", _("retired an archived answer")
        CANNED_CHANGED = "canned_changed", _("changed a canned answer")
        CANNED_DELETED = "canned_deleted", _("deleted a canned answer")
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
    # Whose account was changed; to which colleague or team a conversation was passed on.
    account = models.ForeignKey(
        Counsellor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What changed, as codes: ``roles=counsellor,supervisor teams=3``.
    detail = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ("id",)
        permissions = (("read_desk_log", _("May read who saw and did what")),)

    def __str__(self) -> str:
        return f"desk event {self.pk}"
