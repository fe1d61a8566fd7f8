"""What a counsellor does with a request: thin views in front of ``desk.casework``."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk import casework, roles
from desk.console.access import View, counsellor_of, needs, request_or_404
from desk.console.forms import AnswerForm, DeclineForm, NoteForm, StateForm
from desk.console.names import colleague_name
from desk.console.request_page import show
from desk.conversations import HeldByColleague
from desk.models import Counsellor, InformationRequest


def _problem(error: Exception) -> str:
    if isinstance(error, HeldByColleague):
        return _("%(name)s has this request. Nothing was changed or sent.") % {
            "name": colleague_name(error.by)
        }
    return _("This is no longer possible: the request has changed. Nothing was changed or sent.")


def _done(
    request: HttpRequest, found: InformationRequest, action: Callable[[], object], said: str = ""
) -> HttpResponse:
    """Do it and show the page anew, or say who was faster."""
    try:
        action()
    except (HeldByColleague, casework.NotPossible) as error:
        return show(request, _again(request, found), problem=_problem(error), status=409)
    if said:
        messages.success(request, said)
    return redirect("request", reference=found.reference)


def _again(request: HttpRequest, found: InformationRequest) -> InformationRequest:
    return request_or_404(counsellor_of(request), found.reference)


def _simple(
    action: Callable[[Counsellor, int], object],
) -> View:
    """A view for an action that needs nothing but the request."""

    @require_POST
    @needs(roles.WORK_REQUESTS)
    def view(request: HttpRequest, reference: str) -> HttpResponse:
        counsellor = counsellor_of(request)
        found = request_or_404(counsellor, reference)
        return _done(request, found, lambda: action(counsellor, found.pk))

    return view


take = _simple(casework.do_take)
release = _simple(casework.do_release)
close = _simple(casework.do_close)
reopen = _simple(casework.do_reopen)


@require_POST
@needs(roles.WORK_REQUESTS)
def set_state(request: HttpRequest, reference: str) -> HttpResponse:
    """Taken, or with the country office."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    form = StateForm(request.POST)
    if not form.is_valid():
        return show(request, found, status=400)
    state = form.cleaned_data["state"]
    return _done(request, found, lambda: casework.do_set_state(counsellor, found.pk, state))


@require_POST
@needs(roles.WORK_REQUESTS)
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the answer. When a colleague was faster, the text stays in the box."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return show(request, found, answer=form, status=400)
    try:
        casework.do_answer(
            counsellor, found.pk, key=form.message_key, text=form.cleaned_data["text"]
        )
    except (HeldByColleague, casework.NotPossible) as error:
        return show(
            request, _again(request, found), answer=form, problem=_problem(error), status=409
        )
    messages.success(request, _("The answer is on its way."))
    return redirect("request", reference=found.reference)


@require_POST
@needs(roles.WORK_REQUESTS)
def decline(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell the person why not, in their language."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return show(request, found, status=400)
    return _done(
        request,
        found,
        lambda: casework.do_decline(
            counsellor, found.pk, reason=form.cleaned_data["reason"], key=form.message_key
        ),
        said=_("The person is told why."),
    )


@require_POST
@needs(roles.WORK_REQUESTS)
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep a note that only the desk sees."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, found, note=form, status=400)
    casework.do_note(counsellor, found.pk, form.cleaned_data["text"])
    return redirect("request", reference=found.reference)
