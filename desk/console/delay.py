"""A banner on every page of the desk while messages wait for us: somebody should look."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.http import HttpRequest

from desk.mailbox import backlog

logger = logging.getLogger(__name__)

LATE_AFTER_S = 5 * 60
"""A turn takes a fraction of a second; a restart some twenty seconds."""


def delay(request: HttpRequest) -> dict[str, object]:
    """For how many minutes messages wait for an answer, or to be sent; nothing when all is well."""
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated:
        return {}
    try:
        found = backlog()
    except DatabaseError as error:  # the page's own queries will say it better
        logger.warning("delay.unknown error=%s", type(error).__name__)
        return {}
    late = {
        f"{way}_minutes": found[f"oldest_{way}_s"] // 60
        for way in ("in", "out")
        if found[f"oldest_{way}_s"] >= LATE_AFTER_S
    }
    return {"delay": late}
