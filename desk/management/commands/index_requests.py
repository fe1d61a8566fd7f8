"""``manage.py index_requests``: make the search index of all requests anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from desk.models import InformationRequest
from desk.search_index import index_anew


class Command(BaseCommand):
    help = "Make the search index of all requests anew; the desk may be in use meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        number = index_anew(InformationRequest.objects.order_by("pk").iterator(chunk_size=500))
        self.stdout.write(f"{number} requests indexed")
