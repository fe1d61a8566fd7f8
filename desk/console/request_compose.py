"""Writing an answer: what the composer asks for while somebody writes. Nothing here sends."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from desk import drafts, presence, roles
from desk.case import NotPossible
from desk.console.access import counsellor_of, needs, request_or_404
from desk.console.composer import composer, desk_language, draft_facts, failure, preview
from desk.console.forms import DraftForm, TranslationForm
from desk.console.names import colleague_name
from desk.console.request_page import show
from desk.conversations import HeldByColleague
from desk.drafts import DraftChanged
from desk.models import Counsellor, DeskEvent, InformationRequest
from desk.outbox import reader_language
from desk.request_sheet import sheet
from desk.translation import TranslationFailed, translator

REFUSALS = (HeldByColleague, NotPossible, DraftChanged)


@require_POST
@needs(roles.WORK_REQUESTS)
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep what is in the composer; answers with the line that says so."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _state(request, found, _("This is too long to be kept."))
    try:
        kept = drafts.do_save_draft(counsellor, found.pk, form.written())
    except REFUSALS as error:
        return _state(request, found, _problem(error), form.cleaned_data["version"] or 0, error)
    return _state(request, found, "", kept.version)


def _state(
    request: HttpRequest,
    found: InformationRequest,
    problem: str,
    version: int = 0,
    error: Exception | None = None,
) -> HttpResponse:
    context = draft_facts(found) | {
        "one": found,
        "version": version,
        "draft_problem": problem,
        "others_draft": error.draft.text if isinstance(error, DraftChanged) else "",
    }
    return render(request, "desk/console/compose_state.html", context)


def _problem(error: Exception) -> str:
    if isinstance(error, DraftChanged):
        return _("%(name)s has changed the draft meanwhile. Yours is not kept.") % {
            "name": colleague_name(error.draft.changed_by)
        }
    if isinstance(error, HeldByColleague):
        return _("%(name)s has this request. Yours is not kept.") % {
            "name": colleague_name(error.by)
        }
    return _("The request has changed. Yours is not kept.")


@require_POST
@needs(roles.WORK_REQUESTS)
def translate(request: HttpRequest, reference: str) -> HttpResponse:
    """Have the counsellor's text translated by the machine; answers with the composer."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    form = DraftForm(request.POST)
    service = translator()
    if not form.is_valid() or service is None or not form.cleaned_data["source"].strip():
        return _composer(request, found, _("There is nothing to translate."))
    written = form.written()
    problem = ""
    try:
        # Kept first: a service that hangs must not cost what was typed.
        kept = drafts.do_save_draft(counsellor, found.pk, written)
        _log(counsellor, found, DeskEvent.Kind.TRANSLATED)
        source = written.source_language or desk_language()
        text = service.translate(written.source, source, reader_language(found))
        by_machine = drafts.Written(
            kept.version, text, written.source, written.source_language, by_machine=True
        )
        drafts.do_save_draft(counsellor, found.pk, by_machine)
    except TranslationFailed as error:
        problem = failure(error.code)
    except REFUSALS as error:
        problem = _problem(error)
    return _composer(request, found, problem)


@require_POST
@needs(roles.WORK_REQUESTS)
def check_translation(request: HttpRequest, reference: str) -> HttpResponse:
    """The counsellor has read the translation and finds it right."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    form = DraftForm(request.POST)
    problem = _("The text is too long.")
    if form.is_valid():
        try:
            kept = drafts.do_save_draft(counsellor, found.pk, form.written())
            drafts.do_check_translation(counsellor, found.pk, kept.version)
            problem = ""
        except REFUSALS as error:
            problem = _problem(error)
    return _composer(request, found, problem)


def _composer(request: HttpRequest, found: InformationRequest, problem: str) -> HttpResponse:
    again = request_or_404(counsellor_of(request), found.reference)
    seen = request.POST.get("seen", "")
    context = composer(again) | {
        "one": again,
        "seen": seen if seen.isdecimal() else 0,
        "may_answer": True,
        "compose_problem": problem,
    }
    return render(request, "desk/console/compose.html", context)


@require_POST
@needs(roles.WORK_REQUESTS)
def preview_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """How the answer will look on the person's phone."""
    found = request_or_404(counsellor_of(request), reference)
    form = DraftForm(request.POST)
    text = form.written().text if form.is_valid() else ""
    context = preview(found, drafts.draft_of(found), text)
    return render(request, "desk/console/preview.html", context)


@require_POST
@needs(roles.WORK_REQUESTS)
def translate_question(request: HttpRequest, reference: str) -> HttpResponse:
    """The question in the counsellor's language: by the machine, or as the counsellor writes it."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    if "machine" not in request.POST:
        form = TranslationForm(request.POST)
        if form.is_valid():
            text = form.cleaned_data["text"]
            _keep_translation(counsellor, found, text, by_machine=False)
            return redirect("request", reference=found.reference)
        return show(request, found, status=400)
    service = translator()
    if service is None:
        return show(request, found, status=400)
    try:
        text = service.translate(drafts.whole_question(found), found.language, desk_language())
    except TranslationFailed as error:
        return show(request, found, problem=failure(error.code), status=502)
    _log(counsellor, found, DeskEvent.Kind.TRANSLATED)
    _keep_translation(counsellor, found, text, by_machine=True)
    return redirect("request", reference=found.reference)


def _keep_translation(
    counsellor: Counsellor, found: InformationRequest, text: str, *, by_machine: bool
) -> None:
    drafts.do_translate_question(
        counsellor, found.pk, language=desk_language(), text=text, by_machine=by_machine
    )


@require_POST
@needs(roles.WORK_REQUESTS)
def looking(request: HttpRequest, reference: str) -> HttpResponse:
    """The page is open and in front; answers with who else looks at it."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    presence.looks(counsellor, found)
    context = {"looking": presence.others_at(found, counsellor)}
    return render(request, "desk/console/looking.html", context)


@require_POST
@needs(roles.WORK_REQUESTS)
def leave(request: HttpRequest, reference: str) -> HttpResponse:
    """The page is closed."""
    counsellor = counsellor_of(request)
    presence.leaves(counsellor, request_or_404(counsellor, reference))
    return HttpResponse(status=204)


@require_GET
@needs(roles.WORK_REQUESTS)
def printed_sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """The request as a PDF for whoever looks for the answer. That it was made is logged."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    _log(counsellor, found, DeskEvent.Kind.PRINTED)
    pdf = sheet(found, getattr(found, "translation", None))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="request-{found.reference}.pdf"'
    return response


def _log(counsellor: Counsellor, found: InformationRequest, kind: DeskEvent.Kind) -> None:
    DeskEvent.objects.create(
        kind=kind, counsellor=counsellor, request=found, conversation=found.conversation
    )
