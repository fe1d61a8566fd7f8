"""What each counsellor keeps of their own: saved views, how far they have looked, settings."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk import roles
from desk.console import filters
from desk.console.access import counsellor_of, needs
from desk.console.news import do_look, settings_of
from desk.models import ListSettings, SavedView

MOST_VIEWS = 20


class ViewForm(forms.Form):
    name = forms.CharField(max_length=60)
    query = forms.CharField(max_length=2_000, required=False)


class LookForm(forms.Form):
    event = forms.IntegerField(min_value=0, max_value=2**62)


class SettingsForm(forms.Form):
    sound = forms.BooleanField(required=False)
    title_badge = forms.BooleanField(required=False)
    shortcuts = forms.BooleanField(required=False)


def back_to_list(request: HttpRequest) -> HttpResponse:
    """To the list that a form was sent from; only our own parameters go into the address."""
    chosen, *_rest = filters.read(QueryDict(request.POST.get("query", "")[:2_000]))
    return redirect(f"{reverse('console')}?{chosen.query()}")


@require_POST
@needs(roles.WORK_REQUESTS)
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present list under a name; the same name again replaces it."""
    counsellor = counsellor_of(request)
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("The view was not kept: it needs a name of up to 60 letters."))
        return back_to_list(request)
    name, query = form.cleaned_data["name"], form.cleaned_data["query"]
    others = SavedView.objects.filter(counsellor=counsellor).exclude(name=name)
    if others.count() >= MOST_VIEWS:
        messages.warning(
            request, _("The view was not kept: you have %(n)d views.") % {"n": MOST_VIEWS}
        )
        return back_to_list(request)
    chosen, *_rest = filters.read(QueryDict(query))
    SavedView.objects.update_or_create(
        counsellor=counsellor, name=name, defaults={"query": chosen.query()}
    )
    messages.success(request, _("The view is kept."))
    return back_to_list(request)


@require_POST
@needs(roles.WORK_REQUESTS)
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a view of one's own."""
    found = SavedView.objects.filter(counsellor=counsellor_of(request), pk=pk)
    if not found.exists():
        raise Http404
    found.delete()
    return back_to_list(request)


@require_POST
@needs(roles.WORK_REQUESTS)
def look(request: HttpRequest) -> HttpResponse:
    """Everything up to an event has been seen."""
    form = LookForm(request.POST)
    if form.is_valid():
        do_look(counsellor_of(request), form.cleaned_data["event"])
    return back_to_list(request)


@require_POST
@needs(roles.WORK_REQUESTS, roles.WORK_CONVERSATIONS)
def settings(request: HttpRequest) -> HttpResponse:
    """Sound, the number in the title, keyboard shortcuts: on or off."""
    form = SettingsForm(request.POST)
    form.is_valid()
    mine, _last = settings_of(counsellor_of(request))
    ListSettings.objects.filter(pk=mine.pk).update(**form.cleaned_data)
    return back_to_list(request)
