"""The request whose page is photographed, with everything that a request can have."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image

from desk import casework, drafts, requests
from desk.models import Counsellor, InformationRequest, Message, StoredFile
from desk.request_sheet import sheet
from tests.files import OGG, a_kept_file
from tools.pictures import sayings
from tools.pictures.asked import ask
from tools.pictures.moments import happened, worked, wrote
from wegweiser.texts import response


def insulin(jonas: Counsellor, samira: Counsellor) -> InformationRequest:
    """Jonas has it, and has begun to answer."""
    facts = {
        "nationality": "SY",
        "status": "temporarily_admitted",
        "adults": "2",
        "minors": "3",
        "medical_need": "true",
    }
    row = sayings.INSULIN
    request = ask(row, facts=facts)
    talk = request.conversation
    for direction, author, text in (
        ("in", "person", sayings.INSULIN_BEFORE),
        ("out", "assistant", response("ar", "utter_request_ask_consent")),
    ):
        Message.objects.create(
            conversation=talk,
            key=f"insulin:{author}",
            direction=direction,
            author=author,
            text=text,
            language="ar",
        )
    for content in (_letter(), sheet(request, None), OGG + bytes(41_000)):
        a_kept_file(request, content)
    StoredFile.objects.create(
        key="too-big",
        conversation=talk,
        request=request,
        kind=StoredFile.Kind.PDF,
        state=StoredFile.State.REFUSED,
        problem=StoredFile.Problem.TOO_BIG,
        goes_to=StoredFile.For.REQUEST,
    )
    happened(talk, wrote(row.days))
    for minutes, file in enumerate(StoredFile.objects.filter(conversation=talk).order_by("key")):
        sent = file.created_at + timedelta(minutes=minutes)
        StoredFile.objects.filter(pk=file.pk).update(created_at=sent)
    casework.do_take(jonas, request.pk)
    happened(talk, worked(row.days - 1, 9))
    drafts.do_translate_question(
        samira, request.pk, language="en", text=sayings.INSULIN_IN_ENGLISH, by_machine=False
    )
    casework.do_set_state(jonas, request.pk, "with_country_office")
    casework.do_note(samira, request.pk, sayings.INSULIN_NOTE)
    happened(talk, worked(row.days - 2, 11))
    requests.add_information(talk.pk, request.reference, sayings.INSULIN_ADDED, "insulin:added")
    happened(talk, wrote(6))
    casework.do_set_state(jonas, request.pk, "answer_received")
    happened(talk, worked(0, 9))
    written = drafts.Written(
        0, sayings.INSULIN_DRAFT_IN_ARABIC, sayings.INSULIN_DRAFT, "en", by_machine=True
    )
    drafts.do_save_draft(jonas, request.pk, written)
    return request


def _letter() -> bytes:
    """A photo as large as one of a letter is; nobody sees what is on it."""
    out = io.BytesIO()
    Image.effect_noise((900, 1200), 40).save(out, "JPEG")
    return out.getvalue()
