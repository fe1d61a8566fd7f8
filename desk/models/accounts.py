"""Who has an account at the desk."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.models.teams import Team


class Counsellor(AbstractUser):
    """Somebody with an account at the desk; what they may do is their groups (desk.roles)."""

    language = models.CharField(_("language"), max_length=8, default="en")
    # Without a team: the work of all teams, as on a desk that has none.
    teams = models.ManyToManyField(
        Team, verbose_name=_("teams"), blank=True, related_name="members"
    )
