"""The composer of an answer: the two boxes, what can be put into them, and how it will look."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, gettext, gettext_noop

from desk import canned, programme_facts
from desk.console.forms import AnswerForm, new_key
from desk.drafts import draft_of
from desk.models import CannedText, Draft, InformationRequest
from desk.outbox import ASK_MORE, HUMAN, composed_answer, reader_language
from desk.translation import translator
from wegweiser.messages import messages_of
from wegweiser.texts import FALLBACK, button

FAILURES = {
    "unsupported": gettext_noop("The translation service does not know this language."),
    "busy": gettext_noop("The translation service is busy. Please try again in a minute."),
    "refused": gettext_noop("The translation service did not accept the text."),
    "unreachable": gettext_noop("The translation service does not answer."),
}


@dataclass(frozen=True)
class Insertable:
    """Something that can be put into the answer."""

    id: str
    title: str
    is_missing: bool = False
    """There is none in the person's language."""


def failure(code: str) -> str:
    """Why no translation came, for the counsellor."""
    kept = gettext("Your text is kept.")
    return f"{gettext(FAILURES[code])} {kept}"


def desk_language() -> str:
    """The language in which the counsellor reads the desk."""
    return (get_language() or FALLBACK).partition("-")[0]


def draft_facts(found: InformationRequest) -> dict[str, object]:
    """The draft as everybody sees it who may not write in it now."""
    draft = draft_of(found)
    return {
        "draft": draft,
        "reads": reader_language(found),
        "unchecked": not draft.sent and draft.is_unchecked_machine,
        "checked_by": None if draft.sent else draft.checked_by,
    }


def composer(found: InformationRequest, form: AnswerForm | None = None) -> dict[str, object]:
    """What the composer shows: the draft, or what was just typed."""
    facts = draft_facts(found)
    draft = draft_of(found)
    reads, writes = reader_language(found), desk_language()
    text, source = ("", "") if draft.sent else (draft.text, draft.source)
    if form is not None:
        text, source = form["text"].value() or "", form["source"].value() or ""
    elif not draft.sent and draft.source_language:
        writes = draft.source_language
    service = translator()
    return facts | {
        "key": (form["key"].value() if form is not None else None) or new_key(),
        "answer_form": form or AnswerForm(),
        "text": text,
        "source": source,
        "writes": writes,
        "two_boxes": reads != writes,
        "canned": _canned(found, reads),
        "programmes": [
            Insertable(one, name)
            for one, name in programme_facts.choices(found.host_country, desk_language())
        ],
        "translator": service.host if service else "",
    }


def _canned(found: InformationRequest, language: str) -> list[Insertable]:
    answers = canned.fitting(found)
    have = set(
        CannedText.objects.filter(answer__in=answers, language=language).values_list(
            "answer", flat=True
        )
    )
    return [Insertable(str(one.pk), one.title, one.pk not in have) for one in answers]


def seen_now(found: InformationRequest) -> int:
    """The last line of the timeline: what whoever loads the page now has seen."""
    return found.events.order_by("-pk").values_list("pk", flat=True).first() or 0


def preview(found: InformationRequest, draft: Draft, text: str) -> dict[str, object]:
    """The answer as the phone shows it: its messages, and the buttons under the last."""
    by_machine = draft.is_unchecked_machine and not draft.sent
    language = reader_language(found)
    composed = composed_answer(found, text, by_machine=by_machine)
    return {
        "bubbles": messages_of(composed),
        "buttons": [button(language, words) for words, _ in (ASK_MORE, HUMAN)],
        "reads": language,
    }
