"""What can be put into an answer: a canned answer, a programme's facts, an answer of before."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from desk import archive_search, canned, drafts, programme_facts, roles
from desk.console.access import counsellor_of, needs, request_or_404
from desk.console.composer import desk_language
from desk.console.names import language_name
from desk.models import InformationRequest
from desk.outbox import reader_language


@require_GET
@needs(roles.WORK_REQUESTS)
def insert(request: HttpRequest, reference: str) -> HttpResponse:
    """A text for the answer, in the person's and in the counsellor's language.

    JSON: ``text`` and ``source`` to be put into the two boxes, ``hint`` where something is missing
    or to be thought of.
    """
    found = request_or_404(counsellor_of(request), reference)
    reads = reader_language(found)
    kept = drafts.draft_of(found)
    writes = (not kept.sent and kept.source_language) or desk_language()
    chosen, number = request.GET.get("programme", ""), request.GET.get("canned", "")
    archived = request.GET.get("archived", "")
    if archived.isdecimal():
        return JsonResponse(_archived(int(archived), reads, writes))
    if chosen:
        return JsonResponse(_programme(found, chosen, reads, writes))
    if not number.isdecimal():
        raise Http404
    text, source = (canned.text_in(int(number), one) for one in (reads, writes))
    hint = ""
    if not text:
        hint = _("Nobody has written this text in %(language)s yet. Translate it first.") % {
            "language": language_name(reads)
        }
    return JsonResponse({"text": text, "source": source, "hint": hint})


def _archived(pk: int, reads: str, writes: str) -> dict[str, str]:
    """An answer of before. One that is in neither language goes where it can be translated."""
    answer = archive_search.in_force().filter(pk=pk).first()
    if answer is None:
        raise Http404
    texts = {one.language: one.text for one in answer.texts.all()}
    if reads in texts:
        hint = _("Answered before, as of %(date)s: please check whether it is still right.")
        day = date_format(answer.valid_as_of, "DATE_FORMAT")
        return {
            "text": texts[reads],
            "source": texts.get(writes, "") if writes != reads else "",
            "hint": hint % {"date": day},
        }
    language = writes if writes in texts else next(iter(texts))
    hint = _("This text is in %(language)s. Translate it first, and check whether it is right.") % {
        "language": language_name(language)
    }
    # With one box only, it stands in that.
    return {
        "text": texts[language] if writes == reads else "",
        "source": texts[language] if writes != reads else "",
        "hint": hint,
    }


def _programme(
    found: InformationRequest, programme: str, reads: str, writes: str
) -> dict[str, str]:
    told = found.facts if isinstance(found.facts, dict) else {}
    try:
        text = programme_facts.programme_text(programme, reads, told)
        source = programme_facts.programme_text(programme, writes, told)
    except KeyError as unknown:
        raise Http404 from unknown
    hint = ""
    if text.probably_not:
        hint = _(
            "What the person told speaks against this programme. These are its amounts in "
            "general; please check whether they belong into the answer."
        )
    return {"text": text.text, "source": source.text, "hint": hint}
