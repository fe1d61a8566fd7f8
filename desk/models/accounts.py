"""Who has an account at the desk."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Counsellor(AbstractUser):
    """Somebody with an account at the desk; what they may do is their groups (desk.roles)."""

    language = models.CharField(_("language"), max_length=8, default="en")
