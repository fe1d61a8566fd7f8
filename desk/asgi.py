"""The desk for an ASGI server: ``uvicorn desk.asgi:application``.

Start it with ``--timeout-graceful-shutdown 3``: open pages hold an event stream, and a server
that waits for them to end would wait for ever.
"""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.django_settings")
application = get_asgi_application()
