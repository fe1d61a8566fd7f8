"""The desk for an ASGI server; ``python -m desk`` starts one with the right settings."""

from __future__ import annotations

import os
import warnings

from django.core.asgi import get_asgi_application
from django.db import connections

from desk.bounds import MOST_CONNECTIONS, Bounded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.django_settings")
application = Bounded(get_asgi_application())

# Under ASGI each request has a thread of its own, and a connection belongs to its thread: one that
# is kept for "the next request" would be kept for nobody.
_database = connections.settings["default"]
_database["CONN_MAX_AGE"] = 0
if connections["default"].vendor == "postgresql":
    # Fifty counsellors who come back at once would otherwise open more than a server lets in.
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": MOST_CONNECTIONS, "timeout": 20}

# WhiteNoise hands out files as synchronous responses. They are small; Django may read them whole.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
