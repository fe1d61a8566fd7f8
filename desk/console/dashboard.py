"""For supervisors: what came, about what, how quickly it was answered; on a page and as a file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from desk import figures, roles, satisfaction
from desk.console.access import counsellor_of, needs, requests_for
from desk.console.charts import Chart, groups, shown, timeline, told
from desk.console.names import country_name, intent_name, language_name, topic_name
from desk.figures import Period, Times
from desk.models import DailyCount, DeskEvent, InformationRequest, Rating, Team

USUAL = timedelta(days=83)
"""Twelve weeks with today."""
LONGEST = timedelta(days=3 * 366)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


class PeriodForm(forms.Form):
    """Which days, whose requests."""

    first = forms.DateField(label=gettext_lazy("First day"), required=False)
    last = forms.DateField(label=gettext_lazy("Last day"), required=False)
    team = forms.ModelChoiceField(
        Team.objects.all(), label=gettext_lazy("Team"), required=False, empty_label=None
    )

    def clean(self) -> dict[str, object]:
        chosen = self.cleaned_data
        last: date = chosen.get("last") or timezone.localdate()
        first: date = chosen.get("first") or last - USUAL
        if first > last or last - first > LONGEST:
            raise forms.ValidationError(
                _("Choose a first day before the last, three years at most.")
            )
        return chosen | {"period": Period(first, last)}


@dataclass(frozen=True)
class TimesRow:
    """One line of "how quickly"."""

    name: str
    title: str
    number: str
    median: str
    p90: str
    in_time: int | None
    """Per cent that happened by the promised day."""


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page."""

    period: Period
    received: int
    open: int
    overdue: int
    times: list[TimesRow]
    charts: list[Chart]


@require_GET
@needs(roles.SEE_DASHBOARD)
def page(request: HttpRequest) -> HttpResponse:
    """The figures of a period."""
    form, period, team = _chosen(request)
    context = {
        "form": form,
        "team": team,
        "teams": Team.objects.all(),
        "figures": _dashboard(request, period, team),
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/console/dashboard.html", context)


@require_GET
@needs(roles.SEE_DASHBOARD)
def file(request: HttpRequest) -> HttpResponse:
    """The same figures for a spreadsheet; no person, no text, no number of a request."""
    _form, period, team = _chosen(request)
    found = _dashboard(request, period, team)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"wegweiser-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")  # else a spreadsheet takes UTF-8 for something older
    write = csv.writer(response).writerow
    write(["figure", "group", "number"])
    write(["period", "first", period.first.isoformat()])
    write(["period", "last", period.last.isoformat()])
    write(["period", "team", harmless(team.name if team else "")])
    write(["requests", "received", shown(found.received)])
    write(["requests", "open", shown(found.open)])
    write(["requests", "overdue", shown(found.overdue)])
    for row in found.times:
        write([row.name, "number", row.number])
        write([row.name, "median", row.median])
        write([row.name, "90 of 100", row.p90])
        write([row.name, "in time, %", "" if row.in_time is None else row.in_time])
    for chart in found.charts:
        for bar in chart.bars:
            write([chart.name, harmless(bar.label), bar.shown])
    DeskEvent.objects.create(kind=DeskEvent.Kind.TOOK_FIGURES, counsellor=counsellor_of(request))
    return response


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless("=cmd()")
    "'=cmd()"
    """
    return f"'{text}" if text.startswith(FORMULA) else text


def _chosen(request: HttpRequest) -> tuple[PeriodForm, Period, Team | None]:
    form = PeriodForm(request.GET)
    if form.is_valid():
        return form, form.cleaned_data["period"], form.cleaned_data["team"]
    today = timezone.localdate()
    return form, Period(today - USUAL, today), None


def _dashboard(request: HttpRequest, period: Period, team: Team | None) -> Dashboard:
    visible = requests_for(counsellor_of(request)).select_related(None).order_by()
    if team is not None:
        visible = visible.filter(team=team)
    received = period.received(visible)
    number_open, overdue = figures.still_open(visible)
    return Dashboard(
        period=period,
        received=received.count(),
        open=number_open,
        overdue=overdue,
        times=[
            _row("first answer", _("First answer"), figures.first_answers(received)),
            _row("closed", _("Closed"), figures.closings(received)),
        ],
        charts=[
            *_about_requests(received, period),
            _about_answers(visible, period),
            *_about_assistant(period),
        ],
    )


def _about_requests(received: QuerySet[InformationRequest], period: Period) -> list[Chart]:
    return [
        timeline("week", _("Requests by week"), _("Week from"), figures.by_week(received, period)),
        groups(
            "country",
            _("Requests by country"),
            _("Country"),
            figures.by(received, "country"),
            country_name,
        ),
        groups(
            "topic", _("Requests by topic"), _("Topic"), figures.by(received, "topic"), topic_name
        ),
        groups(
            "language",
            _("Requests by language"),
            _("Language"),
            figures.by(received, "language"),
            language_name,
        ),
        groups(
            "host country",
            _("Requests by where people live"),
            _("Lives in"),
            figures.by(received, "host_country"),
            country_name,
        ),
    ]


def _about_answers(visible: QuerySet[InformationRequest], period: Period) -> Chart:
    found = satisfaction.counts(visible, period.begins, period.ends)
    return told(
        "did it help",
        _("What people say about answers"),
        _("What people say"),
        [(str(Rating.Value(value).label), number) for value, number in found.by_value.items()],
    )


def _about_assistant(period: Period) -> list[Chart]:
    """What people said to the assistant: of all teams, for it has none."""
    asked, missed = DailyCount.Kind.ASKED.value, DailyCount.Kind.NOT_UNDERSTOOD.value
    return [
        groups(
            "asked of the assistant",
            _("Asked of the assistant"),
            _("Topic"),
            figures.asked_of_assistant(period, asked, "name"),
            intent_name,
        ),
        groups(
            "asked by language",
            _("Asked of the assistant, by language"),
            _("Language"),
            figures.asked_of_assistant(period, asked, "language"),
            language_name,
        ),
        groups(
            "not understood",
            _("Not understood by the assistant"),
            _("Language"),
            figures.asked_of_assistant(period, missed, "language"),
            language_name,
        ),
    ]


def _row(name: str, title: str, times: Times) -> TimesRow:
    share = round(100 * times.in_time / times.number) if times.number else None
    return TimesRow(
        name,
        title,
        shown(times.number),
        duration(times.median_hours),
        duration(times.p90_hours),
        share,
    )


def duration(hours: float | None) -> str:
    """A time in one unit: hours below two days."""
    if hours is None:
        return "—"
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", round(hours)) % {"n": round(hours)}
    days = round(hours / 24)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
