"""The draft: kept, seen by colleagues, never overwritten unseen; and the machine's translations."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from desk import casework, drafts
from desk.drafts import DraftChanged, Written
from desk.models import DeskEvent, InformationRequest, Message, QuestionTranslation
from desk.translation import LibreTranslate, TranslationFailed
from tests.desk.conftest import asked, talk
from wegweiser.texts import languages, word

pytestmark = pytest.mark.django_db

LogIn = Callable[[Any], Client]


@dataclass
class TranslationServer:
    """Speaks LibreTranslate's API on the loopback interface: marks what it translates."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    silent: threading.Event | None = None
    body: bytes | None = None

    def answer(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        self.heard.append(asked)
        if asked["target"] == "ti":
            return 400, json.dumps({"error": "ti is not supported"}).encode()
        if self.status != 200:
            return self.status, json.dumps({"error": "no"}).encode()
        text = f"[{asked['source']}>{asked['target']}] {asked['q']}"
        return 200, self.body or json.dumps({"translatedText": text}).encode()


@pytest.fixture
def machine() -> Iterator[TranslationServer]:
    served = TranslationServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if served.silent is not None:
                served.silent.wait(20)
            status, body = served.answer(asked) if self.path == "/translate" else (404, b"{}")
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield served
    if served.silent is not None:
        served.silent.set()
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def translating(machine: TranslationServer, monkeypatch: pytest.MonkeyPatch) -> TranslationServer:
    """The desk with this server in its settings."""
    service = LibreTranslate(machine.url, "secret")
    for where in ("composer", "request_compose", "request_page"):
        monkeypatch.setattr(f"desk.console.{where}.translator", lambda: service)
    return machine


def amina(language: str = "ar") -> InformationRequest:
    return asked(talk(language=language), question="كم يكلف الأنسولين في حلب؟")


# --- the draft ---------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_seen_by_a_colleague(
    jonas: Any, petra: Any, log_in: LogIn
) -> None:
    request = amina()
    casework.do_take(jonas, request.pk)
    form = {"version": 0, "text": "حوالي 20 دولاراً", "source": "About 20 dollars"}
    response = log_in(jonas).post(reverse("request-draft", args=[request.reference]), form)
    assert "Jonas" in response.content.decode()
    html = log_in(petra).get(reverse("request", args=[request.reference])).content.decode()
    assert "About 20 dollars" in html
    assert 'id="id_text"' not in html
    assert not Message.objects.exists()


def test_a_draft_is_unreadable_in_the_database(jonas: Any) -> None:
    request = amina()
    drafts.do_save_draft(jonas, request.pk, Written(0, "About 20 dollars", "About 20 dollars"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, source FROM desk_draft")
        assert not any("dollars" in str(stored) for stored in cursor.fetchone())


def test_of_two_who_write_the_second_is_told_and_overwrites_nothing(jonas: Any, petra: Any) -> None:
    request = amina()
    drafts.do_save_draft(petra, request.pk, Written(0, "Petra's"))
    with pytest.raises(DraftChanged) as told:
        drafts.do_save_draft(jonas, request.pk, Written(0, "Jonas's"))
    assert told.value.draft.text == "Petra's"
    assert drafts.draft_of(request).text == "Petra's"


def test_a_late_save_does_not_bring_back_what_was_sent(jonas: Any) -> None:
    request = amina()
    kept = drafts.do_save_draft(jonas, request.pk, Written(0, "20 dollars"))
    casework.do_answer(jonas, request.pk, key="desk:1", text="20 dollars")
    drafts.do_save_draft(jonas, request.pk, Written(kept.version, "20 dollars"))
    assert drafts.draft_of(request).sent


def test_a_checked_answer_that_is_changed_is_not_checked(jonas: Any, petra: Any) -> None:
    request = amina()
    kept = drafts.do_save_draft(jonas, request.pk, Written(0, "20 dollars"))
    casework.do_take(jonas, request.pk)
    casework.do_check(petra, request.pk)
    drafts.do_save_draft(jonas, request.pk, Written(kept.version, "20 dollars"))
    assert InformationRequest.objects.get().state == "checked"
    drafts.do_save_draft(jonas, request.pk, Written(kept.version, "200 dollars"))
    assert InformationRequest.objects.get().state == "answer_received"


# --- the machine -------------------------------------------------------------------------------


def test_it_is_off_without_an_address_and_the_page_offers_nothing(
    jonas: Any, log_in: LogIn
) -> None:
    request = amina()
    client = log_in(jonas)
    html = client.get(reverse("request", args=[request.reference])).content.decode()
    assert "by machine" not in html
    form = {"version": 0, "text": "", "source": "About 20 dollars"}
    response = client.post(reverse("request-translate", args=[request.reference]), form)
    assert "nothing to translate" in response.content.decode()


def test_the_counsellors_text_is_translated_marked_and_checked(
    jonas: Any, log_in: LogIn, translating: TranslationServer
) -> None:
    request = amina()
    client = log_in(jonas)
    page = client.get(reverse("request", args=[request.reference])).content.decode()
    assert f"it is sent to {translating.url.removeprefix('http://')}" in page
    form = {"version": 0, "text": "", "source": "About 20 dollars", "source_language": "en"}
    response = client.post(reverse("request-translate", args=[request.reference]), form)
    html = response.content.decode()
    assert "[en&gt;ar] About 20 dollars" in html
    assert "not checked" in html
    assert translating.heard == [
        {
            "q": "About 20 dollars",
            "source": "en",
            "target": "ar",
            "format": "text",
            "api_key": "secret",
        }
    ]
    assert DeskEvent.objects.filter(kind="translated").count() == 1
    draft = drafts.draft_of(request)
    assert draft.is_unchecked_machine

    form |= {"version": draft.version, "text": draft.text}
    shown = client.post(reverse("request-preview", args=[request.reference]), form)
    assert word("ar", "machine_translated") in shown.content.decode()
    html = client.post(reverse("request-right", args=[request.reference]), form).content.decode()
    assert "translation checked by Jonas" in html
    assert not drafts.draft_of(request).is_unchecked_machine


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_the_person_is_told_that_nobody_checked_the_translation(language: str, jonas: Any) -> None:
    request = amina(language)
    drafts.do_save_draft(jonas, request.pk, Written(0, "TEXT", "text", "en", by_machine=True))
    # Edited a little, and sent before that was kept: it still is the machine's.
    casework.do_answer(jonas, request.pk, key="desk:1", text="TEXT.")
    told = Message.objects.get().text
    assert told.endswith(word(language, "machine_translated"))
    if language != "en":
        assert word(language, "machine_translated") != word("en", "machine_translated")


def test_a_checked_translation_and_a_text_by_hand_say_nothing_of_a_machine(jonas: Any) -> None:
    checked, by_hand = amina(), amina()
    kept = drafts.do_save_draft(jonas, checked.pk, Written(0, "TEXT", by_machine=True))
    drafts.do_check_translation(jonas, checked.pk, kept.version)
    drafts.do_save_draft(jonas, by_hand.pk, Written(0, "TEXT"))
    for request in (checked, by_hand):
        casework.do_answer(jonas, request.pk, key=f"desk:{request.pk}", text="TEXT")
        assert Message.objects.get(request=request).text.endswith("TEXT")


def test_an_edited_machine_text_stays_the_machines_and_loses_its_check(jonas: Any) -> None:
    request = amina()
    kept = drafts.do_save_draft(jonas, request.pk, Written(0, "TEXT", by_machine=True))
    drafts.do_check_translation(jonas, request.pk, kept.version)
    drafts.do_save_draft(jonas, request.pk, Written(kept.version, "TEXT, more"))
    assert drafts.draft_of(request).is_unchecked_machine
    with pytest.raises(casework.NotPossible):
        drafts.do_check_translation(jonas, request.pk, kept.version)


@pytest.mark.parametrize(
    ("status", "told"),
    [(429, "is busy"), (403, "did not accept"), (500, "does not answer")],
)
def test_why_no_translation_came_is_said_kindly_and_the_text_is_kept(
    status: int, told: str, jonas: Any, log_in: LogIn, translating: TranslationServer
) -> None:
    translating.status = status
    request = amina()
    form = {"version": 0, "text": "", "source": "About 20 dollars"}
    response = log_in(jonas).post(reverse("request-translate", args=[request.reference]), form)
    html = response.content.decode()
    assert told in html
    assert "About 20 dollars" in html
    assert drafts.draft_of(request).source == "About 20 dollars"


@pytest.mark.parametrize(
    ("body", "target", "code"),
    [
        (b"<html>not json</html>", "ar", "refused"),
        (b'{"translatedText": ["a list"]}', "ar", "refused"),
        (b"[]", "ar", "refused"),
        (None, "ti", "unsupported"),
    ],
)
def test_whatever_a_server_answers_is_a_clear_code(
    body: bytes | None, target: str, code: str, machine: TranslationServer
) -> None:
    machine.body = body
    with pytest.raises(TranslationFailed) as failed:
        LibreTranslate(machine.url).translate("Hello", "en", target)
    assert failed.value.code == code


def test_a_server_that_is_silent_or_gone_is_not_waited_for(machine: TranslationServer) -> None:
    machine.silent = threading.Event()
    with pytest.raises(TranslationFailed) as failed:
        LibreTranslate(machine.url, timeout_s=0.2).translate("Hello", "en", "ar")
    assert failed.value.code == "unreachable"
    with pytest.raises(TranslationFailed) as failed:
        LibreTranslate("http://127.0.0.1:9").translate("Hello", "en", "ar")
    assert failed.value.code == "unreachable"


def test_the_question_is_translated_for_the_counsellor_with_what_was_added(
    jonas: Any, log_in: LogIn, translating: TranslationServer
) -> None:
    from desk import requests

    request = amina()
    requests.add_information(request.conversation_id, request.reference, "لشخصين", "m:1")
    client = log_in(jonas)
    address = reverse("request-question", args=[request.reference])
    client.post(address, {"machine": "1"})
    assert translating.heard[0]["q"] == f"{request.question}\n\nلشخصين"
    kept = QuestionTranslation.objects.get()
    assert (kept.language, kept.is_unchecked_machine) == ("en", True)
    client.post(address, {"text": "How much is insulin in Aleppo? For two."})
    kept.refresh_from_db()
    assert (kept.text, kept.checked_by) == ("How much is insulin in Aleppo? For two.", jonas)
    html = client.get(reverse("request", args=[request.reference])).content.decode()
    assert "checked by Jonas" in html
