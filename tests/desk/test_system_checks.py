"""Django's own checks of settings, models, addresses and templates: a start leaves them out."""

from __future__ import annotations

from django.core.management import call_command


def test_django_finds_nothing_to_complain_of() -> None:
    call_command("check")
