"""The console in Chromium: two counsellors, nothing reloaded, one answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from desk import casework, conversations, requests
from desk.models import InformationRequest, Message
from tests.desk.conftest import PASSWORD, SOON, asked, assistant_says, said, talk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

LogIn = Callable[..., "Page"]


def test_new_things_appear_without_reloading(log_in_page: LogIn, jonas: Any) -> None:
    page = log_in_page(jonas)
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    page.evaluate("window.stays = true")
    request = asked()
    expect(page.get_by_role("link", name=request.reference)).to_be_visible(timeout=SOON)
    waits = talk(language="fr", country="CM")
    requests.ask_for_person(waits.pk)
    expect(page.get_by_text("nobody yet")).to_be_visible(timeout=SOON)
    requests.raise_danger(talk().pk)
    expect(page.get_by_role("heading", name="Danger")).to_be_visible(timeout=SOON)
    expect(page).to_have_title("(3) Work list · Wegweiser")
    assert page.evaluate("window.stays"), "the page was reloaded"


def test_a_counsellor_answers_and_a_colleague_sees_it_happen(
    log_in_page: LogIn, jonas: Any, petra: Any
) -> None:
    request = asked(talk(language="ar"), question="كم يكلف دواء الأنسولين في حلب؟")
    at_jonas, at_petra = log_in_page(jonas), log_in_page(petra)
    at_petra.goto(f"/desk/requests/{request.reference}/")
    at_jonas.get_by_role("link", name=request.reference).click()
    question = at_jonas.locator(".question")
    assert (question.get_attribute("lang"), question.get_attribute("dir")) == ("ar", "rtl")
    at_jonas.get_by_role("button", name="Take it").click()
    expect(at_petra.locator("#work")).to_contain_text("Jonas", timeout=SOON)
    at_jonas.get_by_label("What the person reads").fill("حوالي 20 دولاراً في الشهر.")
    at_jonas.get_by_role("button", name="Send the answer").click()
    expect(at_jonas.locator("#sent")).to_contain_text("held back for a moment")
    expect(at_petra.locator("#sent")).to_contain_text("حوالي 20 دولاراً", timeout=SOON)
    message = Message.objects.get(request=request)
    assert (message.language, message.counsellor) == ("ar", jonas)
    Message.objects.filter(pk=message.pk).update(state="sent", settled_at=timezone.now())
    expect(at_jonas.locator("#sent .badge")).to_have_text("sent", timeout=SOON)
    at_jonas.get_by_role("button", name="Close").click()
    expect(at_jonas.locator("#work")).to_contain_text("closed")


def test_two_send_and_one_is_told(log_in_page: LogIn, jonas: Any, petra: Any) -> None:
    request = asked()
    at_jonas, at_petra = log_in_page(jonas), log_in_page(petra)
    for page in (at_jonas, at_petra):
        page.goto(f"/desk/requests/{request.reference}/")
        # Typed at the same time: neither page knows of the other's draft.
        page.route("**/draft", lambda route: route.abort())
        page.get_by_label("What the person reads").fill(
            f"Answer of {page.locator('.nav-row span.small').inner_text()}"
        )
    at_petra.get_by_role("button", name="Send the answer").click()
    expect(at_petra.locator("#sent")).to_contain_text("Answer of Petra")
    at_jonas.get_by_role("button", name="Send the answer").click()
    expect(at_jonas.get_by_role("alert")).to_contain_text("Petra has this request")
    expect(at_jonas.locator("#kept")).to_have_value("Answer of Jonas")
    assert Message.objects.filter(request=request).count() == 1


def test_what_is_being_written_stays_while_the_page_learns_new_things(
    log_in_page: LogIn, jonas: Any
) -> None:
    request = asked()
    page = log_in_page(jonas)
    page.goto(f"/desk/requests/{request.reference}/")
    page.get_by_label("What the person reads").fill("Half an ans")
    requests.add_information(request.conversation_id, request.reference, "For two people", "m:1")
    expect(page.locator("#added")).to_contain_text("For two people", timeout=SOON)
    expect(page.get_by_label("What the person reads")).to_have_value("Half an ans")
    expect(page.locator("#arrived")).to_contain_text("For two people")


def test_declining_tells_the_person(log_in_page: LogIn, jonas: Any) -> None:
    request = asked()
    page = log_in_page(jonas)
    page.goto(f"/desk/requests/{request.reference}/")
    page.get_by_text("It can't be answered this way", exact=True).click()
    page.get_by_label("Why it can't be answered this way").select_option("security")
    page.get_by_role("button", name="Decline and tell the person").click()
    expect(page.locator("#work")).to_contain_text("about the security situation")
    assert InformationRequest.objects.get().state == "declined"


def test_a_live_conversation_from_waiting_to_handing_back(
    log_in_page: LogIn, jonas: Any, petra: Any
) -> None:
    waits = talk(language="fr")
    said(waits, "Je voudrais parler à quelqu'un")
    requests.ask_for_person(waits.pk)
    at_jonas, at_petra = log_in_page(jonas), log_in_page(petra)
    for page in (at_jonas, at_petra):
        page.locator(f"#talk-{waits.pk}").click()
    at_jonas.get_by_role("button", name="Take over").click()
    expect(at_petra.get_by_text("Jonas has this conversation")).to_be_visible(timeout=SOON)
    expect(at_petra.get_by_role("button", name="Take over")).to_have_count(0)
    said(waits, "Merci d'être là")
    expect(at_jonas.get_by_text("Merci d'être là")).to_be_visible(timeout=SOON)
    box = at_jonas.get_by_label("Message to the person")
    box.fill("Bonjour, je suis Jonas.")
    box.press("Control+Enter")
    expect(at_jonas.locator(".line.counsellor")).to_contain_text("je suis Jonas", timeout=SOON)
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    box.fill("Comment puis-je vous aider ?")
    at_jonas.get_by_role("button", name="Send").click()
    expect(at_petra.locator(".line.counsellor")).to_have_count(2, timeout=SOON)
    at_jonas.get_by_role("button", name="Hand back to the assistant").click()
    expect(at_jonas.get_by_text("The assistant has the conversation again.")).to_be_visible()
    waits.refresh_from_db()
    assert waits.handled_by is None


def test_two_take_over_and_one_is_told(log_in_page: LogIn, jonas: Any, petra: Any) -> None:
    waits = talk(waiting_since=timezone.now())
    page = log_in_page(jonas)
    page.goto(f"/desk/conversations/{waits.pk}/")
    # The page does not know yet that a colleague was faster.
    page.route("**/thread", lambda route: route.abort())
    conversations.do_take_over(petra, waits.pk)
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_role("alert")).to_contain_text("Petra has this conversation")


def test_danger_is_read_and_marked_as_seen(log_in_page: LogIn, jonas: Any) -> None:
    danger = talk(language="ru")
    said(danger, "Мне угрожают")
    requests.raise_danger(danger.pk)
    page = log_in_page(jonas)
    page.get_by_role("link", name="Read").click()
    expect(page.get_by_text("Мне угрожают")).to_be_visible()
    page.get_by_role("button", name="Mark as seen").click()
    expect(page.get_by_role("button", name="Mark as seen")).to_have_count(0)
    page.goto("/desk/")
    expect(page.get_by_role("heading", name="Danger")).to_have_count(0)


def test_the_focus_stays_where_it_is_when_the_list_changes(log_in_page: LogIn, jonas: Any) -> None:
    first = asked()
    page = log_in_page(jonas)
    link = page.get_by_role("link", name=first.reference)
    link.focus()
    second = asked()
    expect(page.get_by_role("link", name=second.reference)).to_be_visible(timeout=SOON)
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=first.reference)).to_be_visible()


def test_the_desk_speaks_german(log_in_page: LogIn, jonas: Any) -> None:
    asked(talk(), topic="housing")
    page = log_in_page(jonas)
    page.get_by_role("button", name="DE").click()
    expect(page.get_by_role("heading", name="Anfragen")).to_be_visible()
    expect(page.get_by_role("cell", name="Georgien")).to_be_visible()
    expect(page.get_by_role("cell", name="Wohnen")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_screen(width: int, log_in_page: LogIn, jonas: Any) -> None:
    conversation = talk(language="ar", waiting_since=timezone.now(), danger_since=timezone.now())
    said(conversation, "W" * 300)
    assistant_says(conversation, "https://example.org/" + "a" * 300, "A button")
    request = asked(conversation, question="ك" * 300, shares_conversation=True)
    casework.do_note(jonas, request.pk, "n" * 300)
    page = log_in_page(jonas, width=width)
    for address in (
        "/desk/?show=all",
        f"/desk/requests/{request.reference}/",
        f"/desk/conversations/{conversation.pk}/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_logging_out_elsewhere_sends_the_open_list_to_the_login(
    log_in_page: LogIn, jonas: Any
) -> None:
    page = log_in_page(jonas)
    page.context.clear_cookies(name="sessionid")
    asked()
    page.wait_for_url("**/desk/login**")


def test_an_administrator_opens_the_accounts_and_nothing_else(
    open_page: LogIn, ada: Any, jonas: Any
) -> None:
    page = open_page()
    page.goto("/desk/login")
    page.fill("#id_username", "ada")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Jonas").click()
    expect(page.get_by_role("heading", name="Jonas")).to_be_visible()
    page.goto("/desk/")
    expect(page.get_by_role("heading", name="This is not open to your role")).to_be_visible()
    expect(page.get_by_role("link", name="Accounts")).to_be_visible()
