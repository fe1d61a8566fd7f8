"""Into the archive and out of it: proposed by one person, approved by another, retired.

Each ``do_*`` is one transaction. What looks like personal data is edited away or confirmed, passage
by passage, to be none; it is looked for again when the second person approves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from desk import case
from desk.archive_scan import colleagues_names, said_names, scan
from desk.archive_search import give_vector
from desk.drafts import whole_question
from desk.models import (
    ArchivedAnswer,
    ArchivedText,
    Counsellor,
    DeskEvent,
    Draft,
    InformationRequest,
    QuestionTranslation,
    RequestEvent,
)
from desk.outbox import reader_language
from desk.personal_data import Finding
from wegweiser.messages import NEXT_MESSAGE

State = InformationRequest.State
PROPOSABLE = (State.SENT, State.DELIVERED, State.CLOSED)
"""Answered: there is something to keep."""


@dataclass(frozen=True)
class Written:
    """Question and answer in one language."""

    language: str
    question: str
    text: str


@dataclass(frozen=True)
class Proposal:
    """What is to stand in the archive. ``harmless``: passages confirmed to be no personal data."""

    country: str
    host_country: str
    topic: str
    valid_as_of: date
    texts: tuple[Written, ...]
    harmless: frozenset[str] = frozenset()


class PersonalData(Exception):
    """Passages that nobody has edited away or confirmed; nothing was kept or approved."""


class OwnProposal(Exception):
    """Whoever proposes an answer can't approve it."""


class Gone(LookupError):
    """There is no such proposal any more: approved, discarded, or its request was erased."""


def may_propose(request: InformationRequest) -> bool:
    """Whether the request has an answer that could be kept."""
    return (
        request.state in PROPOSABLE
        and request.events.filter(kind=RequestEvent.Kind.ANSWER).exists()
    )


def texts_of(request: InformationRequest) -> list[Written]:
    """What was asked and answered: in the person's language, then in the counsellor's."""
    answers = request.events.filter(kind=RequestEvent.Kind.ANSWER)
    answer = answers.order_by("-pk").first()
    reads = reader_language(request)
    found = [Written(reads, whole_question(request), _joined(answer.text if answer else ""))]
    translation = QuestionTranslation.objects.filter(request=request).first()
    draft = Draft.objects.filter(request=request, sent=True).exclude(source="").first()
    own = (draft.source_language if draft else "") or (translation.language if translation else "")
    if own and own != reads:
        question = translation.text if translation and translation.language == own else ""
        found.append(Written(own, question, _joined(draft.source if draft else "")))
    return found


def _joined(text: str) -> str:
    """Several messages as one text."""
    return NEXT_MESSAGE.sub("\n\n", text).strip()


def names_for(texts: Iterable[Written], request: InformationRequest | None) -> set[str]:
    """Names that may stand in none of the texts: of colleagues, and of whoever asked.

    They are taken from the request, too: edited out of the question, a name may still be in the
    answer. An approved answer has no request any more.
    """
    original = () if request is None else texts_of(request)
    return colleagues_names() | said_names(_all_texts((*texts, *original)))


def _open_findings(
    texts: Iterable[Written], harmless: Iterable[str], request: InformationRequest | None
) -> list[Finding]:
    """What in the texts looks like personal data and is not confirmed to be none."""
    written, known = list(texts), set(harmless)
    names = names_for(written, request)
    every = _all_texts(written)
    return [one for text in every for one in scan(text, names) if one.passage not in known]


def do_propose(counsellor: Counsellor, request_id: int, proposal: Proposal) -> ArchivedAnswer:
    """Propose an answer for the archive; done again, it replaces the proposal.

    Raises:
        case.NotPossible: the request has no answer.
        PersonalData: a passage is neither edited away nor confirmed.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        if not may_propose(request):
            raise case.NotPossible(request.state)
        if _open_findings(proposal.texts, proposal.harmless, request):
            raise PersonalData
        kept, _ = ArchivedAnswer.objects.update_or_create(
            request=request,
            defaults={
                "country": proposal.country,
                "host_country": proposal.host_country,
                "topic": proposal.topic,
                "valid_as_of": proposal.valid_as_of,
                "harmless": sorted(proposal.harmless),
                "proposed_by": counsellor,
            },
        )
        kept.texts.all().delete()
        for one in proposal.texts:
            ArchivedText.objects.create(
                answer=kept,
                language=one.language,
                question=one.question.strip(),
                text=_joined(one.text),
            )
        # Without the number of the proposal: once approved, nothing leads from it to the request.
        DeskEvent.objects.create(
            kind=DeskEvent.Kind.ARCHIVE_PROPOSED,
            counsellor=counsellor,
            request=request,
            conversation_id=request.conversation_id,
        )
    return kept


def _all_texts(texts: Iterable[Written]) -> Iterable[str]:
    return (text for one in texts for text in (one.question, one.text))


def do_approve(counsellor: Counsellor, pk: int) -> ArchivedAnswer:
    """A second person has read it: from now on it is shown, and nothing leads to the request.

    Raises:
        Gone, OwnProposal.
        PersonalData: the scan finds something that nobody has confirmed.
    """
    with transaction.atomic():
        answer = _waiting(pk)
        if answer.proposed_by_id == counsellor.pk:
            raise OwnProposal
        kept = [Written(one.language, one.question, one.text) for one in answer.texts.all()]
        if _open_findings(kept, answer.harmless or (), answer.request):
            raise PersonalData
        answer.approved_by, answer.approved_at = counsellor, timezone.now()
        answer.request = None
        answer.save(update_fields=["approved_by", "approved_at", "request"])
        _log(DeskEvent.Kind.ARCHIVE_APPROVED, counsellor, pk)
    # Asked of another process: never while the database waits for us.
    give_vector(answer)
    return answer


def do_discard(counsellor: Counsellor, pk: int) -> None:
    """Delete a proposal; what was approved stays.

    Raises:
        Gone: there is none.
    """
    with transaction.atomic():
        _waiting(pk).delete()
        _log(DeskEvent.Kind.ARCHIVE_DISCARDED, counsellor, pk)


def do_retire(counsellor: Counsellor, pk: int) -> None:
    """Show it no longer; twice, the first one's name stays."""
    shown = ArchivedAnswer.objects.filter(pk=pk, approved_at__isnull=False, retired_at__isnull=True)
    with transaction.atomic():
        if shown.update(retired_at=timezone.now(), retired_by=counsellor):
            _log(DeskEvent.Kind.ARCHIVE_RETIRED, counsellor, pk)


def _log(kind: DeskEvent.Kind, counsellor: Counsellor, pk: int) -> None:
    DeskEvent.objects.create(kind=kind, counsellor=counsellor, detail=f"archive={pk}")


def _waiting(pk: int) -> ArchivedAnswer:
    found = ArchivedAnswer.objects.select_for_update(of=("self",)).filter(
        pk=pk, approved_at__isnull=True
    )
    answer = found.first()
    if answer is None:
        raise Gone(pk)
    return answer
