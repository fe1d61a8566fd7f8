"""The desk: the tables, the counsellors' console, the web chat page.

Other parts enter through the doors ``desk.mailbox`` and ``desk.requests`` only; a process that is
not Django's own calls ``desk.ready()`` before it imports a door.
"""

from __future__ import annotations

import os


def ready() -> None:
    """Open Django's tables for a process that Django did not start; harmless when repeated."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.django_settings")
    django.setup()
