"""What belongs to the work list: the search index, and what each counsellor keeps of their own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.crypto import EncryptedTextField
from desk.models.accounts import Counsellor
from desk.models.requests import InformationRequest


class SearchWord(models.Model):
    """One beginning of a word in a request's texts, as a keyed hash (``desk.search``)."""

    pk = models.CompositePrimaryKey("word", "request")
    word = models.BigIntegerField()
    request = models.ForeignKey(
        InformationRequest, on_delete=models.CASCADE, related_name="search_words"
    )

    def __str__(self) -> str:
        return f"word of request {self.request_id}"


class SavedView(models.Model):
    """A filtered list under a name; its own counsellor's only."""

    counsellor = models.ForeignKey(Counsellor, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(_("name"), max_length=60)
    # Encrypted: somebody may have searched for a name.
    query = EncryptedTextField(blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("counsellor", "name"), name="saved_view_name"),
        )

    def __str__(self) -> str:
        return self.name


class ListSettings(models.Model):
    """How one counsellor wants the list, and up to where they have looked."""

    counsellor = models.OneToOneField(
        Counsellor, primary_key=True, on_delete=models.CASCADE, related_name="list_settings"
    )
    # The last event that was there when they pressed "I have looked"; later ones are news.
    seen_event = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(auto_now_add=True)
    sound = models.BooleanField(_("sound"), default=False)
    title_badge = models.BooleanField(_("number in the title"), default=True)
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)

    def __str__(self) -> str:
        return f"list of {self.pk}"
