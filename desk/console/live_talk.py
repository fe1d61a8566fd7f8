"""A live conversation at the desk: read, take over, write, pass on, hand back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from desk import conversations, roles
from desk.console.access import conversation_or_404, conversations_for, counsellor_of, needs
from desk.console.files import files_of_talk
from desk.console.forms import HandBackForm, PassOnForm, WriteForm
from desk.console.names import colleague_name
from desk.console.receivers import receivers_for
from desk.console.thread import lines_of
from desk.conversations import HeldByColleague, NotHeld
from desk.models import Conversation, DeskEvent
from desk.typing_signs import counsellor_types, is_fresh

ERASED_RECENTLY = timedelta(hours=1)
"""So long the one who had the conversation is told why it is gone."""


@require_GET
@needs(roles.WORK_CONVERSATIONS)
def page(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """The whole page. That it was opened is logged."""
    found = conversation_or_404(counsellor_of(request), conversation_id)
    DeskEvent.objects.create(
        kind=DeskEvent.Kind.SAW_CONVERSATION,
        counsellor=counsellor_of(request),
        conversation=found,
    )
    conversations.do_mark_read(counsellor_of(request), found)
    return _show(request, found)


@require_GET
@needs(roles.WORK_CONVERSATIONS)
def thread(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """The part that changes by itself: who has it, and the messages."""
    try:
        found = conversation_or_404(counsellor_of(request), conversation_id)
    except Http404:
        return _gone(request)
    return render(request, "desk/console/talk_thread.html", _facts(request, found))


@require_POST
@needs(roles.WORK_CONVERSATIONS)
def write(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """Write to the person. Answers with the composer alone when htmx asks."""
    counsellor = counsellor_of(request)
    try:
        found = conversation_or_404(counsellor, conversation_id)
    except Http404:
        if request.headers.get("HX-Request"):
            return _gone(request)
        raise
    form = WriteForm(request.POST)
    problem = ""
    if form.is_valid():
        try:
            conversations.do_write(
                counsellor, found.pk, key=form.message_key, text=form.cleaned_data["text"]
            )
        except (HeldByColleague, NotHeld) as error:
            problem = _problem(error)
        else:
            form = WriteForm()
    if not request.headers.get("HX-Request"):
        if form.is_bound:
            return _show(request, found, form=form, problem=problem, status=409)
        return redirect("conversation", conversation_id=found.pk)
    context = {"conversation": found, "write_form": form, "problem": problem}
    return render(request, "desk/console/talk_composer.html", context)


@require_POST
@needs(roles.WORK_CONVERSATIONS)
def take_over(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """Read and write instead of the assistant."""
    counsellor = counsellor_of(request)
    found = conversation_or_404(counsellor, conversation_id)
    return _done(request, found, lambda: conversations.do_take_over(counsellor, found.pk))


@require_POST
@needs(roles.WORK_CONVERSATIONS)
def hand_back(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """Give the conversation back to the assistant, perhaps with a last line to the person."""
    counsellor = counsellor_of(request)
    found = conversation_or_404(counsellor, conversation_id)
    form = HandBackForm(request.POST)
    if not form.is_valid():
        return _show(request, found, hand_back_form=form, status=400)
    summary = form.cleaned_data["summary"]
    return _done(
        request,
        found,
        lambda: conversations.do_hand_back(counsellor, found.pk, summary=summary),
        hand_back_form=form,
    )


@require_POST
@needs(roles.WORK_CONVERSATIONS)
def pass_on(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """Give the conversation to a colleague or to the queue of a team."""
    counsellor = counsellor_of(request)
    found = conversation_or_404(counsellor, conversation_id)
    form = PassOnForm(receivers_for(counsellor), request.POST)
    if not form.is_valid():
        return _show(request, found, pass_on_form=form, status=400)
    return _done(
        request, found, lambda: conversations.do_pass_on(counsellor, found.pk, form.receiver)
    )


@require_POST
@needs(roles.WORK_CONVERSATIONS)
def typing(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """The counsellor is typing; the person sees that, and not what."""
    counsellor = counsellor_of(request)
    found = conversation_or_404(counsellor, conversation_id)
    counsellor_types(found.pk, counsellor.pk)
    return HttpResponse(status=204)


@require_POST
@needs(roles.WORK_CONVERSATIONS)
def seen(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """Somebody has read what was marked as danger."""
    counsellor = counsellor_of(request)
    found = conversation_or_404(counsellor, conversation_id)
    return _done(request, found, lambda: conversations.do_mark_danger_seen(counsellor, found.pk))


def _gone(request: HttpRequest) -> HttpResponse:
    """In place of what stood there: a text that was erased must not stay on the page."""
    erased = DeskEvent.objects.filter(
        kind=DeskEvent.Kind.ERASED,
        counsellor=counsellor_of(request),
        created_at__gt=timezone.now() - ERASED_RECENTLY,
    ).exists()
    return render(request, "desk/console/talk_gone.html", {"erased": erased})


def _problem(error: Exception) -> str:
    if isinstance(error, HeldByColleague):
        return _("%(name)s has this conversation. Nothing was changed or sent.") % {
            "name": colleague_name(error.by)
        }
    return _("The conversation is with the assistant again. Take it over before you write.")


def _done(
    request: HttpRequest,
    found: Conversation,
    action: Callable[[], object],
    *,
    hand_back_form: HandBackForm | None = None,
) -> HttpResponse:
    try:
        action()
    except (HeldByColleague, NotHeld) as error:
        again = conversation_or_404(counsellor_of(request), found.pk)
        return _show(
            request, again, problem=_problem(error), hand_back_form=hand_back_form, status=409
        )
    still_there = conversations_for(counsellor_of(request)).filter(pk=found.pk).first()
    if still_there is None or still_there.passed_on_by_id == counsellor_of(request).pk:
        messages.success(request, _what_became(found.pk))
        return redirect("console")
    return redirect("conversation", conversation_id=found.pk)


def _what_became(conversation_id: str) -> str:
    now = Conversation.objects.select_related("handled_by", "team").get(pk=conversation_id)
    if now.handled_by is not None:
        return _("%(name)s has the conversation now.") % {"name": colleague_name(now.handled_by)}
    if now.waiting_since is not None and now.team is not None:
        return _("The conversation waits for the team %(name)s.") % {"name": now.team.name}
    return _("The assistant has the conversation again.")


def _show(
    request: HttpRequest,
    found: Conversation,
    *,
    form: WriteForm | None = None,
    hand_back_form: HandBackForm | None = None,
    pass_on_form: PassOnForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    counsellor = counsellor_of(request)
    context = _facts(request, found) | {
        "write_form": form or WriteForm(),
        "hand_back_form": hand_back_form or HandBackForm(),
        "pass_on_form": pass_on_form or PassOnForm(receivers_for(counsellor)),
        "problem": problem,
    }
    return render(request, "desk/console/talk.html", context, status=status)


def _facts(request: HttpRequest, found: Conversation) -> dict[str, object]:
    counsellor = counsellor_of(request)
    is_mine = found.handled_by_id == counsellor.pk
    may_move = counsellor.has_perm(roles.MOVE_CONVERSATIONS)
    waits = found.waiting_since is not None and found.handled_by_id is None
    return {
        "conversation": found,
        "lines": lines_of(found),
        "files": files_of_talk(found),
        "is_mine": is_mine,
        "may_move": may_move,
        "may_pass_on": waits or (found.handled_by_id is not None and (is_mine or may_move)),
        "person_types": is_fresh(found.person_typing_at),
        "danger_unseen": found.danger_since is not None and found.danger_seen_by_id is None,
        "open_requests": found.requests.order_by("-id")[:5],
    }
