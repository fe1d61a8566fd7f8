"""The answer while it is written: kept as it is typed, translated, and seen by colleagues.

Nothing here is sent. A save names the version it began from; of two who write, the second is told
and loses nothing, since the text stays in front of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from desk import case, workflow
from desk.case import NotPossible
from desk.models import Counsellor, Draft, InformationRequest, QuestionTranslation, RequestEvent

MAX_TRANSLATION = 8_000
"""Characters of a question with everything that was added, translated."""


class DraftChanged(Exception):
    """A colleague saved the draft meanwhile; ``draft`` is theirs. Nothing was overwritten."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.pk)
        self.draft = draft


@dataclass(frozen=True)
class Written:
    """What stands in the composer. ``version`` is that of the draft it began from, 0 for none."""

    version: int
    text: str
    source: str = ""
    source_language: str = ""
    by_machine: bool | None = None
    """Whether a machine has just made ``text``; None: whatever it was before."""


def draft_of(request: InformationRequest) -> Draft:
    """The draft of a request; an empty one, not stored, where there is none."""
    return Draft.objects.select_related("changed_by", "checked_by").filter(
        request=request
    ).first() or Draft(request=request)


def do_save_draft(counsellor: Counsellor, request_id: int, written: Written) -> Draft:
    """Keep what is in the composer.

    A text that a machine made stays the machine's however it is edited, until somebody says that
    they have checked it; every change takes the check away, and that of the whole answer.

    Raises:
        HeldByColleague, NotPossible.
        DraftChanged: a colleague has saved something else since.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        case.must_allow(request, "send")
        case.must_not_be_others(request, counsellor)
        draft = draft_of(request)
        same = (draft.text, draft.source) == (written.text, written.source)
        if same and not draft.sent and written.by_machine is None:
            return draft
        if draft.sent and written.version < draft.version:
            return draft  # on its way since before the answer was sent: there is nothing to keep
        if draft.version != written.version and draft.changed_by_id != counsellor.pk:
            raise DraftChanged(draft)
        new_text = draft.sent or draft.text != written.text
        if draft.sent or not written.text:
            draft.by_machine = False
        if written.by_machine is not None:
            draft.by_machine = written.by_machine
        if new_text:
            draft.checked_by = None
        draft.text, draft.source = written.text, written.source
        draft.source_language = written.source_language
        draft.changed_by, draft.sent = counsellor, False
        draft.version += 1
        draft.save()
        if new_text and workflow.allows("change_checked", request.state):
            case.move(request, workflow.step("change_checked").to, counsellor)
    return draft


def do_check_translation(counsellor: Counsellor, request_id: int, version: int) -> Draft:
    """The counsellor reads the person's language and finds the translation right.

    Raises:
        NotPossible: there is nothing to be checked, or the text has been changed since.
    """
    with transaction.atomic():
        request = case.locked(request_id)
        draft = draft_of(request)
        if draft.version != version or draft.sent or not draft.text:
            raise NotPossible(request.state)
        draft.checked_by = counsellor
        draft.save(update_fields=["checked_by"])
    return draft


def whole_question(request: InformationRequest) -> str:
    """The question and everything the person added, in the order in which they wrote it."""
    added = request.events.filter(kind=RequestEvent.Kind.ADDED)
    return "\n\n".join([request.question, *(event.text for event in added)])


def do_translate_question(
    counsellor: Counsellor, request_id: int, *, language: str, text: str, by_machine: bool
) -> QuestionTranslation:
    """Keep the question in a language of the desk. Whoever edits it by hand has checked it."""
    with transaction.atomic():
        case.locked(request_id)
        kept = QuestionTranslation.objects.filter(request_id=request_id).first()
        was_machine = kept is not None and kept.by_machine
        kept, _ = QuestionTranslation.objects.update_or_create(
            request_id=request_id,
            defaults={
                "language": language,
                "text": text[:MAX_TRANSLATION],
                "by_machine": by_machine or was_machine,
                "checked_by": None if by_machine else counsellor,
                "changed_by": counsellor,
            },
        )
    return kept
