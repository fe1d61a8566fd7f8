"""Canned answers: texts that are needed again and again, one in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from desk.models import CannedAnswer, CannedText, Counsellor, DeskEvent, InformationRequest


@dataclass(frozen=True)
class Canned:
    """What is written in the form for one canned answer."""

    title: str
    topic: str
    host_country: str
    texts: Mapping[str, str]
    """By language; an empty text is none."""


def do_save_canned(counsellor: Counsellor, canned: Canned, pk: int | None = None) -> CannedAnswer:
    """Keep a canned answer: a new one, or ``pk``, whose texts it replaces.

    Raises:
        CannedAnswer.DoesNotExist: somebody has deleted it meanwhile.
    """
    with transaction.atomic():
        answer = CannedAnswer.objects.select_for_update().get(pk=pk) if pk else CannedAnswer()
        answer.title, answer.topic = canned.title, canned.topic
        answer.host_country, answer.changed_by = canned.host_country, counsellor
        answer.save()
        kept = {language: text.strip() for language, text in canned.texts.items() if text.strip()}
        answer.texts.exclude(language__in=kept).delete()
        for language, text in kept.items():
            CannedText.objects.update_or_create(
                answer=answer, language=language, defaults={"text": text}
            )
        _log(DeskEvent.Kind.CANNED_CHANGED, counsellor, answer.pk)
    return answer


def do_delete_canned(counsellor: Counsellor, pk: int) -> None:
    """Delete a canned answer; what was sent stays as it is."""
    with transaction.atomic():
        if CannedAnswer.objects.filter(pk=pk).delete()[0]:
            _log(DeskEvent.Kind.CANNED_DELETED, counsellor, pk)


def _log(kind: DeskEvent.Kind, counsellor: Counsellor, pk: int) -> None:
    DeskEvent.objects.create(kind=kind, counsellor=counsellor, detail=f"canned={pk}")


def fitting(request: InformationRequest) -> list[CannedAnswer]:
    """The canned answers for a request: not of the other country; its own topic first."""
    found = CannedAnswer.objects.filter(host_country__in=("", request.host_country))
    return sorted(found, key=lambda one: (one.topic != request.topic, one.title.casefold()))


def text_in(pk: int, language: str) -> str:
    """A canned answer in a language; empty where nobody has written one."""
    found = CannedText.objects.filter(answer=pk, language=language).first()
    return found.text if found else ""
