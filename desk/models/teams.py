"""Teams: whose work a request or a live conversation is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """Counsellors who share work: an office, or everybody for one host country."""

    class HostCountry(models.TextChoices):
        CH = "CH", _("Switzerland")
        DE = "DE", _("Germany")

    name = models.CharField(_("name"), max_length=80, unique=True)
    # Empty: for both countries.
    host_country = models.CharField(
        _("host country"), max_length=2, blank=True, choices=HostCountry.choices
    )
    # As DESK_HOURS; empty: the desk's.
    hours = models.CharField(_("office hours"), max_length=200, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
