"""One request on one page: the question, what is known, what was done, and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from desk import roles
from desk.console.access import counsellor_of, needs, request_or_404
from desk.console.files import files_of_request
from desk.console.forms import AnswerForm, DeclineForm, NoteForm
from desk.console.thread import answers_to, lines_of
from desk.models import DeskEvent, InformationRequest

State = InformationRequest.State


@require_GET
@needs(roles.WORK_REQUESTS)
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole page. That it was opened is logged."""
    found = request_or_404(counsellor_of(request), reference)
    DeskEvent.objects.create(
        kind=DeskEvent.Kind.SAW_REQUEST,
        counsellor=counsellor_of(request),
        request=found,
        conversation=found.conversation,
    )
    return show(request, found)


@require_GET
@needs(roles.WORK_REQUESTS)
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """The part that changes by itself: state, answers, timeline, conversation."""
    found = request_or_404(counsellor_of(request), reference)
    return render(request, "desk/console/request_record.html", _facts(request, found))


def show(
    request: HttpRequest,
    found: InformationRequest,
    *,
    answer: AnswerForm | None = None,
    note: NoteForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page with forms as they were typed, and what went wrong."""
    context = _facts(request, found) | {
        "answer_form": answer or AnswerForm(),
        "decline_form": DeclineForm(),
        "note_form": note or NoteForm(),
        "problem": problem,
    }
    return render(request, "desk/console/request.html", context, status=status)


def _facts(request: HttpRequest, found: InformationRequest) -> dict[str, object]:
    counsellor = counsellor_of(request)
    conversation = found.conversation
    is_mine = found.taken_by_id == counsellor.pk
    is_open = found.state in InformationRequest.OPEN_STATES
    may_move = counsellor.has_perm(roles.MOVE_REQUESTS)
    may_answer = found.state != State.WITHDRAWN and (is_mine or found.taken_by is None)
    return {
        "one": found,
        "conversation": conversation,
        "answers": answers_to(found),
        "files": files_of_request(found),
        "timeline": found.events.select_related("counsellor"),
        "lines": lines_of(conversation) if found.shares_conversation else (),
        "is_mine": is_mine,
        "is_open": is_open,
        "may_take": is_open and not is_mine and (found.taken_by is None or may_move),
        "may_release": is_open and found.taken_by is not None and (is_mine or may_move),
        "may_close": may_answer and found.state == State.ANSWERED,
        "may_reopen": may_answer and not is_open,
        "may_answer": may_answer,
        "overdue": is_open and found.promised_on < timezone.localdate(),
    }
