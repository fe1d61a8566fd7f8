"""An administrator's pages for teams."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from desk import teams
from desk.console.access import counsellor_of, needs
from desk.console.account_forms import TeamForm
from desk.models import Team
from desk.roles import MANAGE_TEAMS


@require_http_methods(["GET", "POST"])
@needs(MANAGE_TEAMS)
def new(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    return _edit(request, Team())


@require_http_methods(["GET", "POST"])
@needs(MANAGE_TEAMS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a team and who is in it."""
    return _edit(request, get_object_or_404(Team, pk=pk))


@require_POST
@needs(MANAGE_TEAMS)
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a team away; its work becomes everybody's."""
    team = get_object_or_404(Team, pk=pk)
    teams.do_dissolve(counsellor_of(request), team)
    messages.success(request, _("The team is dissolved. Everybody sees its work now."))
    return redirect("accounts")


def _edit(request: HttpRequest, team: Team) -> HttpResponse:
    form = TeamForm(request.POST or None, instance=team)
    if form.is_valid():
        members = list(form.cleaned_data["members"])
        teams.do_save(counsellor_of(request), form.save(commit=False), members)
        messages.success(request, _("Saved."))
        return redirect("accounts")
    status = 400 if form.is_bound else 200
    context = {"form": form, "team": team if team.pk else None}
    return render(request, "desk/console/team.html", context, status=status)
