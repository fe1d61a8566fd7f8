"""The chat page without a browser: what is stored, shown, refused and told."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from desk import mailbox
from desk.chat import limits
from desk.chat.visitor import preferred_language
from desk.mailbox import rates
from desk.models import Conversation, Message
from tests.desk.conftest import assistant_says
from wegweiser.settings import settings

pytestmark = pytest.mark.django_db

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def phone() -> Client:
    """Amina's browser with the chat page open."""
    client = Client(headers={"Accept-Language": "en"})
    client.get("/chat/")
    return client


def send(client: Client, text: str = "", *, client_id: str = "client-id-1", **more: str) -> Any:
    return client.post("/chat/send", {"client_id": client_id, "text": text} | more, headers=FETCH)


def conversation() -> Conversation:
    return Conversation.objects.get()


def test_looking_at_the_page_stores_nothing_about_anybody(db: None) -> None:
    response = Client().get("/chat/")
    assert response.status_code == 200
    assert not Conversation.objects.exists()
    cookie = response.cookies["chat"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/chat/"


def test_the_first_visit_lets_the_assistant_introduce_itself_once(phone: Client) -> None:
    for _ in range(2):
        assert phone.post("/chat/start", {"country": "de"}).status_code == 204
    turn = mailbox.claim_turn("worker")
    assert turn is not None
    assert (turn.kind, turn.text, turn.channel) == ("command", "/start de", "web")
    assert Message.objects.count() == 1


def test_a_country_that_is_none_of_ours_is_not_passed_on(phone: Client) -> None:
    phone.post("/chat/start", {"country": "<script>"})
    assert Message.objects.get().text == "/start"


def test_what_is_written_becomes_a_row_and_wakes_the_assistant(
    phone: Client, knocks: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(phone, "How much money?")
    assert answer.status_code == 200
    message = Message.objects.get()
    assert (message.text, message.state) == ("How much money?", "waiting")
    assert message.key.startswith(f"web:{conversation().address_hash[:24]}:")
    assert answer.json()["id"] == message.pk
    assert knocks == ["wake"]


def test_a_message_sent_again_after_a_lost_receipt_is_one_row(phone: Client) -> None:
    first, second = send(phone, "Hello"), send(phone, "Hello")
    assert first.json()["id"] == second.json()["id"]
    assert Message.objects.count() == 1


def test_two_people_with_the_same_client_id_are_two_people(phone: Client) -> None:
    other = Client()
    other.get("/chat/")
    send(phone, "Hello")
    send(other, "Hello")
    assert Conversation.objects.count() == 2
    assert Message.objects.count() == 2


def test_a_forged_cookie_is_nobody(phone: Client) -> None:
    send(phone, "Hello")
    thief = Client()
    thief.cookies["chat"] = phone.cookies["chat"].value[:-2] + "xx"
    assert "Hello" not in thief.get("/chat/").content.decode()


def test_a_pressed_button_is_what_it_stands_for(phone: Client) -> None:
    send(phone, "Hello")
    row = Message.objects.get(pk=assistant_says(conversation(), "Which?", "yes", "no"))
    send(phone, client_id="client-id-2", button=f"{row.token}:1")
    pressed = Message.objects.order_by("id").last()
    assert pressed is not None
    assert (pressed.text, pressed.payload) == ("no", {"payload": "/no"})


def test_a_button_that_was_never_issued_is_expired_and_not_an_intent(phone: Client) -> None:
    send(phone, button="forged-token:0")
    message = Message.objects.get()
    assert (message.kind, message.payload) == ("expired_button", None)


def test_the_page_asks_for_what_it_lacks_and_says_what_it_shows(phone: Client) -> None:
    asked = send(phone, "Hello").json()["id"]
    first = assistant_says(conversation(), "Good day.")
    html = phone.get(f"/chat/messages?after={asked}").content.decode()
    assert f'data-id="{first}"' in html
    assert "data-new" in html
    phone.post("/chat/arrived", {"shown": str(first)})
    assert Message.objects.get(pk=first).state == "sent"
    assert phone.get(f"/chat/messages?after={first}").content.decode().strip() == ""


def test_a_row_that_becomes_visible_late_is_not_missed(phone: Client) -> None:
    send(phone, "Hello")
    late = assistant_says(conversation(), "Written first, committed second")
    later = assistant_says(conversation(), "Seen first")
    phone.post("/chat/arrived", {"shown": str(later)})
    html = phone.get(f"/chat/messages?after={later}").content.decode()
    assert f'data-id="{late}"' in html


def test_nobody_marks_or_reads_the_messages_of_somebody_else(phone: Client) -> None:
    send(phone, "Hello")
    row = assistant_says(conversation(), "A secret")
    other = Client()
    other.get("/chat/")
    send(other, "Hello")
    other.post("/chat/arrived", {"shown": str(row)})
    assert Message.objects.get(pk=row).state == "waiting"
    assert "A secret" not in other.get("/chat/messages?after=0").content.decode()


def test_the_conversation_survives_a_reload(phone: Client) -> None:
    send(phone, "Hello")
    assistant_says(conversation(), "Good day.", "more")
    html = phone.get("/chat/").content.decode()
    assert "Hello" in html
    assert "Good day." in html
    assert ">more</button>" in html
    assert 'data-start=""' in html


def test_buttons_go_when_the_person_has_answered(phone: Client) -> None:
    send(phone, "Hello")
    assistant_says(conversation(), "Which?", "yes")
    send(phone, "Something else", client_id="client-id-2")
    assert ">yes</button>" not in phone.get("/chat/").content.decode()


def test_texts_are_escaped_and_addresses_can_be_pressed(phone: Client) -> None:
    send(phone, "<img src=x onerror=alert(1)>")
    assistant_says(conversation(), "See https://www.sem.admin.ch/ & <b>more</b>")
    html = phone.get("/chat/").content.decode()
    assert "<img" not in html
    assert "&lt;b&gt;more&lt;/b&gt;" in html
    assert '<a href="https://www.sem.admin.ch/" rel="nofollow">' in html


def test_each_message_has_its_own_language_and_direction(phone: Client) -> None:
    send(phone, "Hello")
    assistant_says(conversation(), "أهلاً", language="ar")
    assistant_says(conversation(), "Good day", language="en")
    html = phone.get("/chat/").content.decode()
    assert 'dir="rtl" lang="ar">أهلاً' in html
    assert 'dir="ltr" lang="en">Good day' in html
    assert 'dir="auto">Hello' in html


def test_a_counsellor_in_the_conversation_is_shown(phone: Client, jonas: Any) -> None:
    send(phone, "Hello")
    Conversation.objects.update(handled_by=jonas)
    assert phone.get("/chat/messages?after=0").headers["X-Counsellor"] == "here"


# --- without JavaScript --------------------------------------------------------------------------


def test_sending_and_reading_need_no_script(phone: Client) -> None:
    send(phone, "Hello")
    row = assistant_says(conversation(), "Good day.")
    answer = phone.post(
        "/chat/send", {"client_id": "client-id-2", "text": "Thank you", "shown": str(row)}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/chat/#m")
    assert "Thank you" in phone.get("/chat/").content.decode()
    assert Message.objects.get(pk=row).state == "sent"


def test_a_too_long_text_comes_back_into_the_box(phone: Client) -> None:
    text = "long " * limits.MAX_CHARACTERS
    answer = phone.post("/chat/send", {"client_id": "client-id-1", "text": text})
    html = answer.content.decode()
    assert answer.status_code == 413
    assert text.strip() in html
    assert "too long" in html


# --- limits --------------------------------------------------------------------------------------


def test_a_too_long_text_is_refused_kindly(phone: Client) -> None:
    answer = send(phone, "x" * (limits.MAX_CHARACTERS + 1))
    assert answer.status_code == 413
    assert "two parts" in answer.json()["problem"]
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("text", "client_id"),
    [("", "client-id-1"), ("Hello", ""), ("Hello", "a b c'; --"), ("Hi", "x" * 90)],
)
def test_nothing_to_send_or_no_proper_id(text: str, client_id: str, phone: Client) -> None:
    assert send(phone, text, client_id=client_id).status_code == 400


def test_a_script_is_refused_and_a_person_in_a_hurry_is_not(
    phone: Client, monkeypatch: pytest.MonkeyPatch, set_settings: Any
) -> None:
    set_settings(MESSAGES_PER_MINUTE="20")  # all of them within the minute that counts
    monkeypatch.setattr(rates, "REFUSED_TIMES", 2)
    for number in range(2 * settings().messages_per_minute):
        assert send(phone, "Hello", client_id=f"client-id-{number}").status_code == 200
    assert send(phone, "Hello", client_id="client-id-last").status_code == 429
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    assert send(phone, "Hello", client_id="client-id-last").status_code == 200


def test_one_address_does_not_open_conversations_without_end(
    phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NEW_CONVERSATIONS_A_MINUTE", 1)
    answers = [phone.post("/chat/start", {}, headers=FETCH).status_code for _ in range(2)]
    assert answers == [204, 429]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("/chat/start", {}),
        ("/chat/send", {"client_id": "client-id-1", "text": "Hello"}),
        ("/chat/language", {"language": "fr"}),
    ],
)
def test_nor_does_whoever_forgets_the_cookie(
    page: str, said: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NEW_CONVERSATIONS_A_MINUTE", 3)
    answers = [Client().post(page, said, headers=FETCH).status_code for _ in range(5)]
    assert answers[3:] == [429, 429]
    assert Conversation.objects.count() == 3


def test_all_processes_count_new_conversations_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NEW_CONVERSATIONS_A_MINUTE", 1)
    assert not limits.too_many_new("192.0.2.1")
    caches["process"].clear()  # what another process knows nothing of
    assert limits.too_many_new("192.0.2.1")
    assert not limits.too_many_new("192.0.2.2")


def test_who_has_a_conversation_goes_on_whatever_the_others_do(
    phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert send(phone, "Hello").status_code == 200
    monkeypatch.setattr(limits, "NEW_CONVERSATIONS_A_MINUTE", 0)
    assert send(phone, "Again", client_id="client-id-2").status_code == 200
    assert phone.post("/chat/language", {"language": "fr"}).status_code == 302


def test_a_script_that_changes_the_language_is_refused_as_well(
    phone: Client, monkeypatch: pytest.MonkeyPatch, set_settings: Any
) -> None:
    set_settings(MESSAGES_PER_MINUTE="3")
    monkeypatch.setattr(rates, "REFUSED_TIMES", 1)
    answers = [
        phone.post("/chat/language", {"language": "fr"}, headers=FETCH).status_code
        for _ in range(4)
    ]
    assert answers == [302, 302, 302, 429]


def test_without_a_token_nothing_is_stored() -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/chat/")
    assert send(client, "Hello").status_code == 403
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "text", ["\x00", "﷽" * 500, "👍" * 500, "\u202e\u202dabc", '/inform{"a": 1}']
)
def test_odd_texts_are_kept_as_they_are(text: str, phone: Client) -> None:
    assert send(phone, text).status_code == 200
    message = Message.objects.get()
    assert (message.text, message.kind, message.payload) == (text.strip(), "text", None)
    assert phone.get("/chat/").status_code == 200


@pytest.mark.parametrize("after", ["", "-1", "abc", "9" * 30, "1 OR 1=1"])
def test_odd_places_to_go_on_from(after: str, phone: Client) -> None:
    assert phone.get("/chat/messages", {"after": after}).status_code == 200


# --- language ------------------------------------------------------------------------------------


def test_picking_a_language_changes_the_page_and_tells_the_assistant(phone: Client) -> None:
    phone.post("/chat/language", {"language": "en"})
    turn = mailbox.claim_turn("worker")
    assert turn is not None
    assert (turn.kind, turn.text, turn.language) == ("command", "/language en", "en")


def test_a_language_we_do_not_speak_changes_nothing(phone: Client) -> None:
    phone.post("/chat/language", {"language": "xx"})
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    ("header", "language"),
    [("", ""), ("en-GB,en;q=0.5", "en"), ("xx,en;q=0.1", "en"), ("xx", ""), ("*", ""), (";;;", "")],
)
def test_the_browsers_language(header: str, language: str) -> None:
    assert preferred_language(header) == language


def test_the_page_says_its_language(phone: Client) -> None:
    response = phone.get("/chat/")
    assert response.headers["Content-Language"] == "en"
    assert '<html lang="en" dir="ltr">' in response.content.decode()


# --- erasing -------------------------------------------------------------------------------------


def test_when_the_confirmation_is_shown_nothing_of_an_erased_conversation_remains(
    phone: Client,
) -> None:
    from desk import requests

    send(phone, "Erase everything")
    turn = mailbox.claim_turn("worker")
    assert turn is not None
    requests.erase(turn.conversation_id)
    [confirmation] = mailbox.commit_turn(turn, [mailbox.Answer("Everything is erased.")])
    assert "Everything is erased." in phone.get("/chat/messages?after=0").content.decode()
    phone.post("/chat/arrived", {"shown": str(confirmation)})
    assert not Conversation.objects.exists()
    assert send(phone, "Hello again", client_id="client-id-9").status_code == 200


def test_nothing_of_a_visitor_is_logged(phone: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    send(phone, "A very private sentence")
    logged = json.dumps([record.getMessage() for record in caplog.records])
    assert "private" not in logged
    assert phone.cookies["chat"].value not in logged
