"""``python manage.py rotate_keys``: everything under the first of FIELD_ENCRYPTION_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from desk.key_rotation import rotate_keys


class Command(BaseCommand):
    help = "Encrypt every stored text under the first key; afterwards old keys can be removed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rotate_keys()} values are now under the first key.")
