"""The chat page in Chromium: a phone, a keyboard, right to left, a bad connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from desk import mailbox
from desk.models import Conversation, Message
from tests.desk.conftest import assistant_says

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., "Page"]
PHONE = {"width": 360, "height": 740}


def answer(*texts: str, buttons: tuple[str, ...] = (), language: str = "en") -> mailbox.Turn:
    """The assistant answers the oldest waiting message."""
    turn = mailbox.claim_turn("fake")
    assert turn is not None, "nothing is waiting for the assistant"
    *before, last = texts
    mailbox.commit_turn(
        turn,
        [
            *(mailbox.Answer(text) for text in before),
            mailbox.Answer(last, tuple(mailbox.Button(one, f"/{one}") for one in buttons)),
        ],
        learned=mailbox.Learned(language=language),
    )
    return turn


def open_chat(open_page: OpenPage, **options: Any) -> Page:
    """The page, greeted by the assistant."""
    page = open_page(**(PHONE | options))
    with page.expect_response("**/chat/start"):
        page.goto("/chat/")
    answer("Good day. I am an assistant, a machine.", buttons=("Yes", "Another language"))
    expect(page.locator(".bubble.assistant")).to_have_count(1)
    return page


def write(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")
    expect(page.locator(".bubble.person[data-id]", has_text=text)).to_be_visible()


def test_the_assistant_greets_and_answers_without_a_reload(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    expect(page.get_by_role("button", name="Another language")).to_be_visible()
    write(page, "How much money?")
    expect(page.locator("#typing")).to_be_visible()
    answer("In a canton up to CHF 1,000.", "As of July 2025, SEM.", buttons=("Ask a person",))
    expect(page.get_by_text("As of July 2025, SEM.")).to_be_visible()
    expect(page.locator("#typing")).to_be_hidden()
    expect(page.get_by_role("button", name="Another language")).to_have_count(0)


def test_what_the_page_shows_is_marked_as_sent_in_order(
    open_page: OpenPage, wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    page = open_chat(open_page)
    write(page, "Hello")
    answer("One", "Two", "Three")
    expect(page.locator(".bubble.assistant")).to_have_count(4)
    texts = page.locator(".bubble.assistant .text").all_inner_texts()
    assert texts[1:] == ["One", "Two", "Three"]
    out = Message.objects.filter(direction="out")
    wait_until(lambda: set(out.values_list("state", flat=True)) == {"sent"})


def test_a_new_message_is_there_within_a_second(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    page.evaluate(
        """() => {
            window.shownAt = null;
            new MutationObserver(() => (window.shownAt ??= Date.now()))
                .observe(document.getElementById("log"), {childList: true});
        }"""
    )
    written = page.evaluate("Date.now()")
    assistant_says(Conversation.objects.get(), "Here is your answer.")
    expect(page.get_by_text("Here is your answer.")).to_be_visible()
    assert page.evaluate("window.shownAt") - written < 1000


def test_a_button_stands_in_its_own_row_and_is_said_by_the_person(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    first, second = page.locator(".choices button").all()
    assert first.bounding_box()["y"] + first.bounding_box()["height"] <= second.bounding_box()["y"]
    assert second.bounding_box()["height"] >= 44
    second.click()
    expect(page.locator(".bubble.person[data-id]")).to_have_text("You: Another language")
    turn = answer("Which language?")
    assert turn.payload == "/Another language"


def test_the_conversation_is_there_after_a_reload(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    write(page, "Remember me")
    answer("I do.", buttons=("Good",))
    expect(page.get_by_text("I do.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Remember me")).to_be_visible()
    expect(page.get_by_role("button", name="Good")).to_be_visible()
    assert Message.objects.filter(kind="command").count() == 1


def test_with_a_keyboard_only(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Go to the writing field")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Enter")
    expect(page.locator(".bubble.person[data-id] br")).to_have_count(1)
    answer("Which?", buttons=("Left", "Right"))
    expect(page.get_by_role("button", name="Right")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Right")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator(".bubble.person[data-id]")).to_have_count(2)


def test_the_language_menu_opens_and_closes_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    menu = page.locator(".languages summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".languages form button").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".languages form button").first).to_be_hidden()
    expect(menu).to_be_focused()


def test_a_screen_reader_hears_who_speaks_and_what_is_new(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    log = page.get_by_role("log")
    assert log.get_attribute("aria-live") == "polite"
    expect(log.locator(".bubble.assistant .hidden")).to_have_text("Assistant (a machine):")
    expect(page.get_by_role("textbox", name="Write your question here")).to_be_visible()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()


def test_arabic_is_written_from_right_to_left(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    page.click(".languages summary")
    with page.expect_navigation():
        page.click(".languages button[value=ar]")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("lang") == "ar"
    turn = answer("أهلاً. أنا مساعد آلي.", buttons=("نعم",), language="ar")
    assert (turn.text, turn.language) == ("/language ar", "ar")
    text = page.locator(".bubble.assistant .text").last
    expect(text).to_have_text("أهلاً. أنا مساعد آلي.")
    assert (text.get_attribute("dir"), text.get_attribute("lang")) == ("rtl", "ar")
    first = page.locator(".bubble.assistant .text").first
    assert (first.get_attribute("dir"), first.get_attribute("lang")) == ("ltr", "en")
    # The person's own words stand on the other side now.
    write(page, "مرحبا")
    mine = page.locator(".bubble.person").last.bounding_box()
    theirs = text.bounding_box()
    assert mine["x"] + mine["width"] / 2 < theirs["x"] + theirs["width"] / 2


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_is_wider_than_a_small_phone(language: str, open_page: OpenPage) -> None:
    page = open_chat(open_page, width=320, height=568)
    page.click(".languages summary")
    with page.expect_navigation():
        page.click(f".languages button[value={language}]")
    answer("W" * 300, "https://example.org/" + "a" * 200, buttons=("x" * 60,), language=language)
    expect(page.locator(".choices button", has_text="xxx")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth"
    )


def test_without_a_connection_nothing_is_lost_and_nothing_sent_twice(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    page.context.set_offline(True)
    page.fill("#text", "Do not lose this")
    page.press("#text", "Enter")
    page.fill("#text", "Nor this")
    page.press("#text", "Enter")
    expect(page.get_by_text("Not sent. Press here to try again.")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("No connection")
    page.context.set_offline(False)
    expect(page.locator(".bubble.person[data-id]")).to_have_count(2)
    expect(page.locator(".pending")).to_have_count(0)
    sent = Message.objects.filter(author="person").exclude(kind="command").order_by("id")
    assert [one.text for one in sent] == ["Do not lose this", "Nor this"]


def test_a_lost_receipt_is_one_message(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    lost = []

    def lose_the_first(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())  # the server has it, the page never hears of it
        route.abort()

    page.route("**/chat/send", lose_the_first)
    write(page, "Only once")
    assert len(lost) == 1
    expect(page.locator(".bubble.person")).to_have_count(1)
    assert Message.objects.filter(author="person").exclude(kind="command").count() == 1


def test_what_was_not_sent_survives_a_reload(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    page.route("**/chat/send", lambda route: route.abort())
    page.fill("#text", "Written in a tunnel")
    page.press("#text", "Enter")
    expect(page.locator(".pending.failed")).to_be_visible()
    page.unroute("**/chat/send")
    page.reload()
    expect(page.locator(".bubble.person[data-id]")).to_contain_text("Written in a tunnel")
    expect(page.locator(".pending")).to_have_count(0)


def test_a_refused_text_comes_back_into_the_box(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    page.evaluate("document.getElementById('text').removeAttribute('maxlength')")
    page.fill("#text", "x" * 4001)
    page.press("#text", "Enter")
    expect(page.locator("#status")).to_contain_text("too long")
    expect(page.locator("#text")).to_have_value("x" * 4001)
    # A message that comes meanwhile does not take the explanation away.
    assistant_says(Conversation.objects.get(), "By the way.")
    expect(page.get_by_text("By the way.")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("too long")
    expect(page.locator(".pending")).to_have_count(0)


def test_a_counsellor_is_announced(open_page: OpenPage, jonas: Any) -> None:
    from desk import conversations

    page = open_chat(open_page)
    conversation = Conversation.objects.get()
    conversations.do_take_over(jonas, conversation.pk)
    expect(page.locator("#counsellor")).to_be_visible()
    conversations.do_write(jonas, conversation.pk, key="desk:1", text="Good morning, Jonas here.")
    bubble = page.locator(".bubble.counsellor")
    expect(bubble).to_contain_text("Good morning, Jonas here.")
    conversations.do_hand_back(jonas, conversation.pk)
    expect(page.locator("#counsellor")).to_be_hidden()


def test_after_somebody_logged_in_at_the_desk_the_open_chat_still_sends(
    open_page: OpenPage,
) -> None:
    page = open_chat(open_page)
    page.context.clear_cookies(name="csrftoken")
    write(page, "Still here")
    assert Message.objects.filter(author="person").exclude(kind="command").count() == 1


def test_a_text_is_only_ever_text(open_page: OpenPage) -> None:
    page = open_chat(open_page)
    write(page, "<img src=x onerror=alert(1)>")
    answer("<script>alert(1)</script> & <b>bold</b>")
    expect(page.get_by_text("<script>alert(1)</script> & <b>bold</b>")).to_be_visible()
    assert page.locator("#log img, #log b, #log script").count() == 0


def test_without_javascript_it_sends_and_shows(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False, **PHONE)
    page.goto("/chat/")
    page.fill("#text", "Hello")
    page.click(".send")
    answer("Good day.", buttons=("Yes", "No"))
    page.goto("/chat/")
    page.get_by_role("button", name="No", exact=True).click()
    assert answer("Then not.").payload == "/No"
    page.goto("/chat/")
    expect(page.get_by_text("Then not.")).to_be_visible()
    assert Message.objects.filter(direction="out", state="sent").count() == 1
