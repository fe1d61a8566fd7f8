"""One request on one page: the question, what is known, what was done, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from desk import presence, roles, workflow
from desk.answering import news_for, undo_until
from desk.archiving import may_propose
from desk.console.access import counsellor_of, needs, request_or_404
from desk.console.composer import composer, desk_language, draft_facts, seen_now
from desk.console.files import files_of_request
from desk.console.forms import AnswerForm, DeclineForm, NoteForm, PromiseForm
from desk.console.thread import answers_to, lines_of
from desk.console.told import told_facts
from desk.drafts import whole_question
from desk.models import DeskEvent, InformationRequest, QuestionTranslation, Rating, RequestEvent
from desk.personal_data import find
from desk.translation import translator
from wegweiser.workdays import is_working_day, working_days_between

State = InformationRequest.State


@require_GET
@needs(roles.WORK_REQUESTS)
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole page. That it was opened is logged."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    DeskEvent.objects.create(
        kind=DeskEvent.Kind.SAW_REQUEST,
        counsellor=counsellor,
        request=found,
        conversation=found.conversation,
    )
    presence.looks(counsellor, found)
    return show(request, found)


@require_GET
@needs(roles.WORK_REQUESTS)
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """The part that changes by itself: state, answers, timeline, conversation, who is looking.

    ``seen`` is the last line of the timeline that the page had: what came after it is shown above
    the composer.
    """
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    seen = request.GET.get("seen", "")
    arrived = news_for(found, counsellor, int(seen)) if seen.isdecimal() else []
    context = _facts(request, found) | draft_facts(found) | {"arrived": arrived}
    return render(request, "desk/console/request_record.html", context)


def show(
    request: HttpRequest,
    found: InformationRequest,
    *,
    answer: AnswerForm | None = None,
    note: NoteForm | None = None,
    promise: PromiseForm | None = None,
    problem: str = "",
    arrived: Sequence[RequestEvent] = (),
    others_draft: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page with forms as they were typed, what went wrong, and what happened meanwhile."""
    context = (
        _facts(request, found)
        | composer(found, answer)
        | {
            "seen": seen_now(found),
            "decline_form": DeclineForm(),
            "note_form": note or NoteForm(),
            "promise_form": promise or PromiseForm(),
            "problem": problem,
            "arrived": arrived,
            "others_draft": others_draft,
        }
    )
    return render(request, "desk/console/request.html", context, status=status)


def _facts(request: HttpRequest, found: InformationRequest) -> dict[str, object]:
    counsellor = counsellor_of(request)
    conversation = found.conversation
    is_mine = found.taken_by_id == counsellor.pk
    is_open = found.state in InformationRequest.OPEN_STATES
    may_move = counsellor.has_perm(roles.MOVE_REQUESTS)
    is_free_or_mine = is_mine or found.taken_by is None
    translation = (
        QuestionTranslation.objects.select_related("checked_by").filter(request=found).first()
    )
    return {
        "one": found,
        "conversation": conversation,
        "answers": answers_to(found),
        "files": files_of_request(found),
        **_events(found, translation),
        "lines": lines_of(conversation) if found.shares_conversation else (),
        "is_mine": is_mine,
        "is_open": is_open,
        "steps": _steps(found) if is_open and is_free_or_mine else (),
        "may_take": is_open and not is_mine and (found.taken_by is None or may_move),
        "may_release": is_open and found.taken_by is not None and (is_mine or may_move),
        "may_check": workflow.allows("check", found.state),
        "may_close": is_free_or_mine and workflow.allows("close", found.state),
        "may_reopen": is_free_or_mine and workflow.allows("reopen", found.state),
        "may_propose": may_propose(found),
        "rating": Rating.objects.filter(request=found).first(),
        "may_answer": is_free_or_mine and workflow.allows("send", found.state),
        "told": told_facts(found, desk_language()),
        "undo_seconds": _seconds_to(undo_until(found) if is_mine else None),
        "looking": presence.others_at(found, counsellor),
        "translation": translation,
        "desk_language": desk_language(),
        "personal_data": find(whole_question(found)),
        "translator": getattr(translator(), "host", ""),
        **_promise(found, is_open=is_open),
    }


def _events(
    found: InformationRequest, translation: QuestionTranslation | None
) -> dict[str, object]:
    # That it was sent is said by the line of the answer itself.
    events = list(
        found.events.exclude(kind=RequestEvent.Kind.STATE, state=State.SENT).select_related(
            "counsellor"
        )
    )
    # What was added belongs to the question; the timeline only says when it came.
    added = [one for one in events if one.kind == RequestEvent.Kind.ADDED and one.text]
    lacks = translation is not None and any(
        one.created_at > translation.changed_at for one in added
    )
    return {"timeline": events, "added": added, "translation_lacks_added": lacks}


def _steps(found: InformationRequest) -> list[tuple[str, str]]:
    """(state, step) of each step by hand that leads on from here."""
    now = State.TAKEN if found.state == State.RECEIVED else found.state
    return [
        (one.to, one.name)
        for one in map(workflow.step, workflow.BY_HAND)
        if now in one.sources and one.to != now
    ]


def _seconds_to(moment: datetime | None) -> int:
    """Whole seconds, the last one begun included; 0 when it is over."""
    return max(0, ceil((moment - timezone.now()).total_seconds())) if moment else 0


def _promise(found: InformationRequest, *, is_open: bool) -> dict[str, object]:
    today = timezone.localdate()
    days = working_days_between(today, found.promised_on, found.host_country)
    overdue = is_open and found.promised_on < today
    return {
        "overdue": overdue,
        "working_days": days,
        "days_late": max(1, -days) if overdue else 0,
        "is_working_day": is_working_day(found.promised_on, found.host_country),
        "delay_told": found.delay_told_for == found.promised_on,
    }
