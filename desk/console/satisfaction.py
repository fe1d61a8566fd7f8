"""What people say about answers, in figures; small ones are hidden."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from desk import roles
from desk.console.access import counsellor_of, needs, requests_for
from desk.models import Rating
from desk.satisfaction import FEWEST_SHOWN, counts

PERIODS = (30, 90, 365)
"""Days back from now."""


@require_GET
@needs(roles.WORK_REQUESTS)
def page(request: HttpRequest) -> HttpResponse:
    """A table: a line for each period, a column for each answer to "did it help?"."""
    now = timezone.now()
    mine = requests_for(counsellor_of(request))
    rows = []
    for days in PERIODS:
        found = counts(mine, now - timedelta(days=days), now)
        figures = [
            {"title": Rating.Value(value).label, "number": number}
            for value, number in found.by_value.items()
        ]
        rows.append({"days": days, "figures": figures, "total": found.total})
    context = {
        "rows": rows,
        "titles": [one.label for one in Rating.Value],
        "fewest": FEWEST_SHOWN,
    }
    return render(request, "desk/console/satisfaction.html", context)
