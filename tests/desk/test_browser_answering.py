"""Answering in Chromium: from taking a request to closing it, and two counsellors at one answer."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from desk import canned, drafts, mailbox
from desk.mailbox import Outcome
from desk.models import InformationRequest, Message, Presence
from tests.desk.conftest import SOON, asked, talk

# The fixtures of a translation server on the loopback interface.
from tests.desk.test_drafts import TranslationServer, machine, translating  # noqa: F401

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

LogIn = Callable[..., "Page"]
LATER = 15_000
QUESTION = "كم يكلف دواء الأنسولين في حلب، وهل تدفعون ثمنه؟"


def opened(page: Page, request: InformationRequest) -> None:
    page.goto(f"/desk/requests/{request.reference}/")


def deliver() -> None:
    one = mailbox.claim_delivery("s1", "telegram")
    assert one is not None
    mailbox.settle(one, Outcome.SENT)
    mailbox.release_delivery(one.sender, one.conversation_id)


def test_from_taking_to_closing(
    log_in_page: LogIn,
    jonas: Any,
    petra: Any,
    ruth: Any,
    translating: TranslationServer,  # noqa: F811
) -> None:
    canned.do_save_canned(
        ruth,
        canned.Canned(
            "Ask a pharmacy", "medical", "", {"en": "Ask a pharmacy.", "ar": "اسألوا صيدلية."}
        ),
    )
    request = asked(talk(language="ar", country="SY"), question=QUESTION, topic="medical")
    page, at_petra = log_in_page(jonas), log_in_page(petra)
    opened(page, request)
    page.get_by_role("button", name="Take it").click()
    page.get_by_role("button", name="Sent to the country office").click()
    expect(page.locator("#work")).to_contain_text("with the country office")
    page.get_by_role("button", name="The answer has come").click()
    expect(page.locator("#work")).to_contain_text("answer received")

    opened(at_petra, request)
    expect(page.locator("#looking")).to_contain_text("Petra is looking", timeout=SOON)
    reads, writes = page.get_by_label("What the person reads"), page.get_by_label("Your text")
    assert (reads.get_attribute("dir"), writes.get_attribute("dir")) == ("rtl", "ltr")
    writes.fill("About 20 dollars a month.")
    page.get_by_role("button", name="Translate my text by machine").click()
    expect(reads).to_have_value("[en>ar] About 20 dollars a month.")
    expect(page.locator("#draft-state")).to_contain_text("the person is told so")
    page.get_by_label("Canned answer").select_option(label="Ask a pharmacy")
    page.locator("[data-name=canned]").click()
    expect(reads).to_have_value("[en>ar] About 20 dollars a month.\n\nاسألوا صيدلية.")
    page.get_by_label("A programme's facts").select_option(label="Individual return assistance")
    page.locator("[data-name=programme]").click()
    expect(reads).to_have_value(containing("CHF 1,000"))
    expect(page.locator("#draft-state")).to_contain_text("Draft kept")
    expect(at_petra.locator("#draft-seen")).to_contain_text("اسألوا صيدلية.", timeout=SOON)
    page.get_by_role("button", name="I have read it: it is right").click()
    expect(page.locator("#draft-state")).to_contain_text("translation checked by Jonas")

    at_petra.reload()
    at_petra.get_by_role("button", name="The draft is checked").click()
    expect(page.locator("#work .badge").first).to_have_text("checked", timeout=SOON)
    page.get_by_role("button", name="I have read it", exact=True).click()
    expect(page.locator("#arrived")).to_be_empty()
    page.get_by_role("button", name="Preview").click()
    phone = page.locator(".phone")
    expect(phone).to_contain_text(request.reference)
    assert phone.get_attribute("dir") == "rtl"
    assert phone.bounding_box()["width"] == 390  # type: ignore[index]

    page.get_by_role("button", name="Send the answer").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back: nothing was sent.")).to_be_visible()
    expect(page.get_by_label("What the person reads")).to_have_value(containing("اسألوا"))
    expect(page.locator("#work .badge").first).to_have_text("checked")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator("#sent")).to_contain_text("held back for a moment")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0, timeout=LATER)
    deliver()
    expect(page.locator("#work .badge").first).to_have_text("delivered", timeout=SOON)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#work")).to_contain_text("closed")
    assert Message.objects.filter(state="sent").count() == 1
    assert Message.objects.filter(state="withdrawn").count() == 1


def test_a_slow_translation_is_neither_overtaken_by_keeping_the_draft_nor_typed_over(
    log_in_page: LogIn,
    jonas: Any,
    wait_until: Any,
    translating: TranslationServer,  # noqa: F811
) -> None:
    request = asked(talk(language="ar"), question=QUESTION)
    translating.silent = threading.Event()
    page = log_in_page(jonas)
    opened(page, request)
    page.get_by_label("Your text").fill("About 20 dollars.")
    page.get_by_role("button", name="Translate my text by machine").click()
    expect(page.get_by_label("Your text")).not_to_be_editable()
    # The draft would be kept now; the machine answers only after that.
    wait_until(lambda: drafts.draft_of(request).source == "About 20 dollars.")
    page.wait_for_timeout(1_500)
    translating.silent.set()
    expect(page.get_by_label("What the person reads")).to_have_value("[en>ar] About 20 dollars.")
    expect(page.get_by_label("Your text")).to_be_editable()
    assert drafts.draft_of(request).text == "[en>ar] About 20 dollars."
    page.get_by_label("What the person reads").fill("About 20 dollars, in Arabic.")
    wait_until(lambda: drafts.draft_of(request).text == "About 20 dollars, in Arabic.")


def containing(text: str) -> Any:
    return re.compile(re.escape(text).replace(r"\ ", r"\s"))


def test_what_is_typed_survives_a_closed_page(
    log_in_page: LogIn, jonas: Any, wait_until: Any
) -> None:
    request = asked()
    page = log_in_page(jonas)
    opened(page, request)
    page.get_by_label("What the person reads").fill("Half an ans")
    page.goto("/desk/")
    # The browser hands it in behind the page that is gone.
    wait_until(lambda: drafts.draft_of(request).text == "Half an ans")
    opened(page, request)
    expect(page.get_by_label("What the person reads")).to_have_value("Half an ans")
    assert drafts.draft_of(request).changed_by == jonas


def test_news_is_shown_before_anything_is_sent_and_nothing_typed_is_lost(
    log_in_page: LogIn, jonas: Any
) -> None:
    from desk import requests

    request = asked()
    page = log_in_page(jonas)
    opened(page, request)
    # A page that hears nothing: its line to the desk is cut.
    page.route("**/record*", lambda route: route.abort())
    page.get_by_label("What the person reads").fill("800 lari.")
    requests.add_information(request.conversation_id, request.reference, "For two people", "m:1")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent yet")
    expect(page.locator("#arrived")).to_contain_text("For two people")
    expect(page.get_by_label("What the person reads")).to_have_value("800 lari.")
    assert not Message.objects.exists()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator("#sent")).to_contain_text("800 lari.")


def test_who_closes_the_page_is_gone(log_in_page: LogIn, jonas: Any, wait_until: Any) -> None:
    request = asked()
    page = log_in_page(jonas)
    opened(page, request)
    assert Presence.objects.count() == 1
    page.goto("/desk/")
    wait_until(lambda: not Presence.objects.exists())


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_of_answering_is_wider_than_the_screen(
    width: int, log_in_page: LogIn, jonas: Any, ruth: Any
) -> None:
    canned.do_save_canned(ruth, canned.Canned("t" * 110, "", "", {"en": "W" * 300}))
    request = asked(talk(language="ar"), question=QUESTION, shares_conversation=True)
    page = log_in_page(ruth, width=width)
    opened(page, request)
    page.get_by_label("What the person reads").fill("ك" * 300)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".phone")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for address in ("/desk/canned/", "/desk/canned/new"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_late_request_is_told_by_one_click(log_in_page: LogIn, jonas: Any) -> None:
    request = asked()
    InformationRequest.objects.update(promised_on=timezone.localdate().replace(year=2025))
    page = log_in_page(jonas)
    opened(page, request)
    page.get_by_role("button", name="Tell the person that it is late").click()
    expect(page.locator("#work")).to_contain_text("The person knows that it is late.")
    expect(page.locator("#sent")).to_contain_text(request.reference)
