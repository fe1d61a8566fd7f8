"""What a counsellor does with a request: thin views in front of the ``do_*`` functions."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk import answering, casework, drafts, promises, roles
from desk.answering import Overtaken, TooLate
from desk.console.access import View, counsellor_of, needs, request_or_404
from desk.console.composer import desk_language
from desk.console.forms import AnswerForm, DeclineForm, NoteForm, PromiseForm, StateForm
from desk.console.names import colleague_name
from desk.console.request_page import show
from desk.conversations import HeldByColleague
from desk.models import Counsellor, InformationRequest, Message
from desk.promises import NotADate, NotLate

REFUSALS = (HeldByColleague, casework.NotPossible, TooLate, NotLate, NotADate)


def _problem(error: Exception) -> str:
    if isinstance(error, HeldByColleague):
        return _("%(name)s has this request. Nothing was changed or sent.") % {
            "name": colleague_name(error.by)
        }
    if isinstance(error, TooLate):
        return _("It is too late: the message is on its way already.")
    if isinstance(error, NotLate):
        return _("Nothing to tell: the day has not passed, or the person knows already.")
    if isinstance(error, NotADate):
        return _("Please choose a day that is still to come.")
    return _("This is no longer possible: the request has changed. Nothing was changed or sent.")


def _done(
    request: HttpRequest, found: InformationRequest, action: Callable[[], object], said: str = ""
) -> HttpResponse:
    """Do it and show the page anew, or say who was faster."""
    try:
        action()
    except REFUSALS as error:
        return show(request, _again(request, found), problem=_problem(error), status=409)
    if said:
        messages.success(request, said)
    return redirect("request", reference=found.reference)


def _again(request: HttpRequest, found: InformationRequest) -> InformationRequest:
    return request_or_404(counsellor_of(request), found.reference)


def _simple(
    action: Callable[[Counsellor, int], object],
    said: Callable[[], str] = str,
) -> View:
    """A view for an action that needs nothing but the request."""

    @require_POST
    @needs(roles.WORK_REQUESTS)
    def view(request: HttpRequest, reference: str) -> HttpResponse:
        counsellor = counsellor_of(request)
        found = request_or_404(counsellor, reference)
        return _done(request, found, lambda: action(counsellor, found.pk), said())

    return view


take = _simple(casework.do_take)
release = _simple(casework.do_release)
check = _simple(casework.do_check)
close = _simple(casework.do_close)
reopen = _simple(casework.do_reopen)
undo = _simple(
    answering.do_undo, lambda: _("Taken back: nothing was sent. The text is here again.")
)
tell_delay = _simple(promises.do_tell_delay, lambda: _("The person is told about the delay."))


@require_POST
@needs(roles.WORK_REQUESTS)
def set_state(request: HttpRequest, reference: str) -> HttpResponse:
    """Taken, with the country office, or its answer received."""
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
    """Send the answer. When something came between, it is shown, and the text stays in the box."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        why = [_("Nothing was sent."), *form.errors.get("text", ())]
        return show(request, found, answer=form, problem=" ".join(map(str, why)), status=400)
    try:
        casework.do_answer(
            counsellor,
            found.pk,
            key=form.message_key,
            text=form.cleaned_data["text"],
            seen=form.has_seen,
        )
    except Overtaken as error:
        _keep(counsellor, found, form)
        return show(
            request,
            _again(request, found),
            answer=form,
            arrived=error.events,
            others_draft=error.draft.text if error.draft else "",
            problem=_(
                "Something new came while you were writing. Nothing was sent yet: "
                "please read it, and send once more if your answer is still right."
            ),
            status=409,
        )
    except (HeldByColleague, casework.NotPossible) as error:
        return show(
            request, _again(request, found), answer=form, problem=_problem(error), status=409
        )
    messages.success(request, _("The answer is on its way."))
    return redirect("request", reference=found.reference)


def _keep(counsellor: Counsellor, found: InformationRequest, form: AnswerForm) -> None:
    """What was to be sent is kept as the draft; if it can't be, it still stands in the box."""
    written = drafts.Written(
        version=form.cleaned_data["version"] or 0,
        text=form.cleaned_data["text"],
        source=form.cleaned_data["source"],
        source_language=desk_language(),
    )
    try:
        drafts.do_save_draft(counsellor, found.pk, written)
    except (drafts.DraftChanged, HeldByColleague, casework.NotPossible):
        return


@require_POST
@needs(roles.WORK_REQUESTS)
def resend(request: HttpRequest, reference: str, message_id: int) -> HttpResponse:
    """Send again what did not arrive, or perhaps did not."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)

    def again() -> object:
        try:
            return answering.do_resend(counsellor, found.pk, message_id)
        except Message.DoesNotExist as missing:
            raise Http404 from missing

    return _done(request, found, again, said=_("It is sent again."))


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
def promise(request: HttpRequest, reference: str) -> HttpResponse:
    """Set another day by which an answer is aimed at, and tell the person."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    form = PromiseForm(request.POST)
    if not form.is_valid():
        problem = _problem(NotADate())
        return show(request, found, promise=form, problem=problem, status=400)
    day = form.cleaned_data["promised_on"]
    return _done(
        request,
        found,
        lambda: promises.do_promise(counsellor, found.pk, promised_on=day, key=form.message_key),
        said=_("The person is told the new date."),
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
