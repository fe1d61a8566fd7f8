"""The archive at the desk: the list, one answer, and the second person's approval."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from desk import archive_search, archiving, roles, workflow
from desk.archiving import Gone, OwnProposal, PersonalData, Written
from desk.console.access import View, counsellor_of, needs, request_or_404
from desk.console.archive_texts import marked, nearness
from desk.console.composer import desk_language
from desk.console.names import TOPICS, country_name, topic_name
from desk.models import ArchivedAnswer, Counsellor
from desk.outbox import reader_language

PAGE_SIZE = 50
SHOWN = ("current", "proposed", "retired")


@require_GET
@needs(roles.WORK_REQUESTS, roles.APPROVE_ARCHIVE)
def archive(request: HttpRequest) -> HttpResponse:
    """All archived answers by country and topic; those that wait for approval are a list apart."""
    show = request.GET.get("show", "")
    show = show if show in SHOWN else SHOWN[0]
    country, topic = request.GET.get("country", ""), request.GET.get("topic", "")
    found = _shown(show).prefetch_related("texts").order_by("country", "topic", "-valid_as_of")
    found = found.filter(country=country) if country else found
    found = found.filter(topic=topic) if topic else found
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    codes = _shown(show).order_by().values_list("country", flat=True).distinct()
    context = {
        "rows": [_row(one) for one in page],
        "page": page,
        "show": show,
        "proposed": _shown("proposed").count(),
        "country": country,
        "topic": topic,
        "countries": sorted(((code, country_name(code)) for code in codes if code), key=_by_name),
        "topics": [(code, topic_name(code)) for code in TOPICS],
    }
    return render(request, "desk/console/archive.html", context)


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1]


def _shown(show: str) -> QuerySet[ArchivedAnswer]:
    if show == "proposed":
        return ArchivedAnswer.objects.filter(approved_at__isnull=True)
    if show == "retired":
        return ArchivedAnswer.objects.filter(retired_at__isnull=False)
    return archive_search.in_force()


def _row(one: ArchivedAnswer) -> dict[str, object]:
    texts = list(one.texts.all())
    own = [text for text in texts if text.language == desk_language()]
    return {
        "one": one,
        "question": next((text for text in (*own, *texts) if text.question), None),
        "languages": [text.language for text in texts],
        "old": not archive_search.is_fresh(one, timezone.localdate()),
    }


@require_GET
@needs(roles.WORK_REQUESTS, roles.APPROVE_ARCHIVE)
def one_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One archived or proposed answer, and what can be done with it."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, problem: str = "", status: int = 200) -> HttpResponse:
    counsellor = counsellor_of(request)
    answer = (
        ArchivedAnswer.objects.select_related("proposed_by", "approved_by", "retired_by", "request")
        .filter(pk=pk)
        .first()
    )
    if answer is None:
        raise Http404
    is_proposed, is_own = answer.approved_at is None, answer.proposed_by_id == counsellor.pk
    may_approve = counsellor.has_perm(roles.APPROVE_ARCHIVE)
    harmless = answer.harmless or []
    texts = [Written(one.language, one.question, one.text) for one in answer.texts.all()]
    context = {
        "answer": answer,
        "texts": marked(texts, archiving.names_for(texts, answer.request), harmless),
        "harmless": harmless if is_proposed else (),
        "is_own": is_own,
        "old": not archive_search.is_fresh(answer, timezone.localdate()),
        "may_approve": may_approve and is_proposed and not is_own,
        "may_discard": is_proposed and (is_own or may_approve),
        "may_retire": may_approve and not is_proposed and answer.retired_at is None,
        "problem": problem,
    }
    return render(request, "desk/console/archived_answer.html", context, status=status)


def _action(action: Callable[[Counsellor, int], object], said: Callable[[], str]) -> View:
    """A view for somebody who may approve."""

    @require_POST
    @needs(roles.APPROVE_ARCHIVE)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            action(counsellor_of(request), pk)
        except OwnProposal:
            problem = _("Somebody else has to approve what you have proposed.")
        except PersonalData:
            problem = _("There is still something in it that looks like personal data.")
        except Gone:
            return _gone(request)
        else:
            messages.success(request, said())
            return redirect("archive")
        return _page(request, pk, problem, status=409)

    return view


def _gone(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("This proposal is no longer there."))
    return redirect("archive")


approve = _action(archiving.do_approve, lambda: _("Approved: from now on it is found."))
retire = _action(archiving.do_retire, lambda: _("Retired: it is no longer shown."))


@require_POST
@needs(roles.WORK_REQUESTS, roles.APPROVE_ARCHIVE)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a proposal: one's own, or somebody's whose proposals one may approve."""
    counsellor = counsellor_of(request)
    own = ArchivedAnswer.objects.filter(pk=pk, proposed_by=counsellor).exists()
    if not own and not counsellor.has_perm(roles.APPROVE_ARCHIVE):
        raise Http404
    try:
        archiving.do_discard(counsellor, pk)
    except Gone:
        return _gone(request)
    messages.success(request, _("Discarded."))
    return redirect("archive")


@require_GET
@needs(roles.WORK_REQUESTS)
def near(request: HttpRequest, reference: str) -> HttpResponse:
    """The archived answers nearest to a request; the page fetches them once it is shown."""
    counsellor = counsellor_of(request)
    found = request_or_404(counsellor, reference)
    is_free_or_mine = found.taken_by_id in (None, counsellor.pk)
    nearest = archive_search.nearest_to(found)
    reads, today = reader_language(found), timezone.localdate()
    context = {
        "one": found,
        "found": [
            {
                "answer": one.answer,
                "text": _best(one.answer, desk_language(), reads),
                "languages": [text.language for text in one.answer.texts.all()],
                "nearness": nearness(one.nearness),
                "old": not archive_search.is_fresh(one.answer, today),
            }
            for one in nearest
        ],
        "may_answer": is_free_or_mine and workflow.allows("send", found.state),
        "by_topic": any(one.nearness is None for one in nearest),
    }
    return render(request, "desk/console/request_near.html", context)


def _best(answer: ArchivedAnswer, *preferred: str) -> object:
    """The text in the first language that it has, else the one in which it was asked."""
    texts = {one.language: one for one in answer.texts.all()}
    return next((texts[one] for one in preferred if one in texts), next(iter(texts.values()), None))
