"""Supervisors give requests to a colleague or a team, one or many at once."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from desk import moving, roles
from desk.casework import NotPossible
from desk.console.access import counsellor_of, needs, requests_for
from desk.console.list_settings import back_to_list
from desk.console.names import colleague_name
from desk.models import Counsellor, Team

MOST = 200
"""Requests moved at once."""


class MoveForm(forms.Form):
    """Which requests, and to whom: ``counsellor:7`` or ``team:2``."""

    to = forms.ChoiceField(label=gettext_lazy("To"))

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (_("Team"), [(f"team:{one.pk}", one.name) for one in Team.objects.all()]),
            (
                _("Colleague"),
                [(f"counsellor:{one.pk}", colleague_name(one)) for one in who_works()],
            ),
        ]


def who_works() -> list[Counsellor]:
    """The colleagues who may work on requests, by name."""
    found = Counsellor.objects.with_perm(
        roles.WORK_REQUESTS, backend="django.contrib.auth.backends.ModelBackend"
    )
    return sorted(found.filter(is_active=True), key=lambda one: colleague_name(one).casefold())


@require_GET
@needs(roles.MOVE_REQUESTS)
def targets(request: HttpRequest) -> HttpResponse:
    """To whom requests can be given; fetched when somebody opens the box below the list."""
    return render(request, "desk/console/move.html", {"form": MoveForm()})


@require_POST
@needs(roles.MOVE_REQUESTS)
def move(request: HttpRequest) -> HttpResponse:
    """Move the requests that are ticked; those that were closed meanwhile are told."""
    counsellor = counsellor_of(request)
    form = MoveForm(request.POST)
    ticked = [int(one) for one in request.POST.getlist("request") if one.isdecimal()][:MOST]
    if not form.is_valid() or not ticked:
        messages.warning(request, _("Nothing was moved: tick requests and choose to whom."))
        return back_to_list(request)
    kind, _sign, pk = form.cleaned_data["to"].partition(":")
    to = Counsellor.objects.get(pk=pk) if kind == "counsellor" else None
    team = Team.objects.get(pk=pk) if kind == "team" else None
    moved, kept = 0, []
    for one in requests_for(counsellor).filter(pk__in=ticked):
        try:
            moving.do_move(counsellor, one.pk, to=to, team=team)
            moved += 1
        except NotPossible:
            kept.append(one.reference)
    if moved:
        said = ngettext("%(n)d request was moved.", "%(n)d requests were moved.", moved)
        messages.success(request, said % {"n": moved})
    if kept:
        messages.warning(
            request, _("No longer open, not moved: %(which)s") % {"which": ", ".join(kept)}
        )
    return back_to_list(request)
