"""``python manage.py erase_old``: erase what is older than the settings allow; run it daily."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from desk.retention import erase_old


class Command(BaseCommand):
    help = "Erase messages, requests and memory that are older than the settings allow."

    def handle(self, *args: Any, **options: Any) -> None:
        erased = erase_old()
        call_command("clearsessions")
        self.stdout.write(", ".join(f"{name}={number}" for name, number in asdict(erased).items()))
