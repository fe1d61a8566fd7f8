"""The log: which counsellor saw or did what, the newest first. Ids and codes, never a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from desk import roles
from desk.console.access import counsellor_of, needs, requests_for
from desk.console.names import colleague_name
from desk.models import Counsellor, DeskEvent, RequestEvent
from desk.requests import parse_reference

PAGE_SIZE = 50
# What stands in which table; an entry of the same moment is shown in this order.
SOURCES: tuple[type[DeskEvent] | type[RequestEvent], ...] = (RequestEvent, DeskEvent)


class LogForm(forms.Form):
    """Whose entries, of which kind, about which request, of which days."""

    by = forms.ModelChoiceField(
        Counsellor.objects.order_by("username"), label=gettext_lazy("Counsellor"), required=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    reference = forms.CharField(label=gettext_lazy("Number"), max_length=12, required=False)
    first = forms.DateField(label=gettext_lazy("First day"), required=False)
    last = forms.DateField(label=gettext_lazy("Last day"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *_kinds().items()]

    def clean_reference(self) -> str:
        typed = str(self.cleaned_data["reference"])
        if typed and not parse_reference(typed):
            raise forms.ValidationError(_("A number looks like K7M-4Q2."))
        return parse_reference(typed)


def _kinds() -> dict[str, str]:
    """Every kind of entry by ``table:kind``, sorted by its words."""
    named = {f"0:{kind.value}": str(kind.label) for kind in RequestEvent.Kind}
    named |= {f"1:{kind.value}": str(kind.label) for kind in DeskEvent.Kind}
    return dict(sorted(named.items(), key=lambda item: item[1].casefold()))


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    at: datetime
    source: int
    pk: int
    who: str
    what: str | Promise
    reference: str
    about: str
    """Of a request that was moved: to whom."""

    @property
    def order(self) -> tuple[datetime, int, int]:
        return self.at, -self.source, self.pk

    @property
    def cursor(self) -> str:
        return f"{self.at.isoformat()}|{self.source}|{self.pk}"


@require_GET
@needs(roles.READ_DESK_LOG)
def page(request: HttpRequest) -> HttpResponse:
    """One page of the log; the next begins where this one ends, however long the log is."""
    form = LogForm(request.GET)
    form.is_valid()
    before = _cursor(request.GET.get("before", ""))
    found: list[Entry] = []
    for source in range(len(SOURCES)):
        found += _entries(counsellor_of(request), source, form.cleaned_data, before)
    found.sort(key=lambda entry: entry.order, reverse=True)
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "form": form,
        "entries": found[:PAGE_SIZE],
        "next": found[PAGE_SIZE - 1].cursor if len(found) > PAGE_SIZE else "",
        "query": query.urlencode(),
        "is_first": before is None,
    }
    return render(request, "desk/console/desk_log.html", context)


def _cursor(text: str) -> tuple[datetime, int, int] | None:
    at, _bar, rest = text.partition("|")
    source, _bar, pk = rest.partition("|")
    try:
        moment = parse_datetime(at)
    except ValueError:
        return None
    if moment is None or timezone.is_naive(moment) or not (source.isdecimal() and pk.isdecimal()):
        return None
    return moment, int(source), int(pk)


def _entries(
    counsellor: Counsellor,
    source: int,
    chosen: dict[str, Any],
    before: tuple[datetime, int, int] | None,
) -> list[Entry]:
    """The newest entries of one table, one more than a page holds."""
    rows: QuerySet[Any] = SOURCES[source].objects.filter(_fits(source, chosen))
    # EXISTS, not IN: the newest entries are looked at one by one until a page is full.
    visible = Exists(requests_for(counsellor).select_related(None).filter(pk=OuterRef("request")))
    related = ["counsellor", "request"]
    texts = ["request__question", "request__place"]
    if SOURCES[source] is RequestEvent:
        rows = rows.filter(visible, counsellor__isnull=False)
        related += ["to_counsellor", "to_team"]
        texts.append("text")
    else:
        rows = rows.filter(Q(request__isnull=True) | visible)
    if before is not None:
        at, its_source, pk = before
        earlier = Q(created_at__lt=at)
        if source == its_source:
            earlier |= Q(created_at=at, pk__lt=pk)
        elif source > its_source:
            earlier |= Q(created_at=at)
        rows = rows.filter(earlier)
    rows = rows.select_related(*related).defer(*texts)
    newest = rows.order_by("-created_at", "-pk")[: PAGE_SIZE + 1]
    return [_entry(source, row) for row in newest]


def _fits(source: int, chosen: dict[str, Any]) -> Q:
    fits = Q()
    if chosen.get("by"):
        fits &= Q(counsellor=chosen["by"])
    if chosen.get("reference"):
        fits &= Q(request__reference=chosen["reference"])
    if chosen.get("first"):
        fits &= Q(created_at__gte=_midnight(chosen["first"]))
    if chosen.get("last"):
        fits &= Q(created_at__lt=_midnight(chosen["last"] + timedelta(days=1)))
    if chosen.get("kind"):
        wanted, _colon, kind = chosen["kind"].partition(":")
        fits &= Q(kind=kind) if wanted == str(source) else Q(pk__in=())
    return fits


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _entry(source: int, row: Any) -> Entry:
    to: list[str] = []
    if isinstance(row, RequestEvent) and row.kind == RequestEvent.Kind.MOVED:
        to = [colleague_name(row.to_counsellor), row.to_team.name if row.to_team else ""]
    what = row.get_kind_display()
    if isinstance(row, RequestEvent) and row.kind == RequestEvent.Kind.STATE:
        what = f"{what}: {row.request.State(row.state).label}"
    return Entry(
        at=row.created_at,
        source=source,
        pk=row.pk,
        who=colleague_name(row.counsellor) or "—",
        what=what,
        reference=row.request.reference if row.request else "",
        about=", ".join(filter(None, to)),
    )
