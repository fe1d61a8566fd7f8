"""``python manage.py first_counsellor``: the first account, made once, its password shown once."""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction

from desk.models import Counsellor
from desk.roles import ROLES, write_roles
from wegweiser.settings import settings

LOGIN = "counsellor"


class Command(BaseCommand):
    help = "Make the first account with all roles and print its login as JSON; later do nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        password = secrets.token_urlsafe(12)
        with transaction.atomic():
            if Counsellor.objects.exists():
                return
            write_roles()
            first = Counsellor.objects.create_user(LOGIN, password=password)
            first.groups.set(Group.objects.filter(name__in=[role.name for role in ROLES]))
        self.stdout.write(
            json.dumps(
                {"url": f"{settings().desk_url}/desk/", "login": LOGIN, "password": password}
            )
        )
