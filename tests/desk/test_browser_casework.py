"""A request's less straight ways in Chromium: sent again, taken back, reopened, printed, logged."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from desk import casework, mailbox, requests
from desk.mailbox import Outcome
from desk.models import CannedAnswer, InformationRequest, Message, Team
from tests.desk.conftest import PASSWORD, SOON, asked, talk
from tests.desk.test_browser_accounts import log_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

LogIn = Callable[..., "Page"]


def opened(page: Page, request: InformationRequest) -> None:
    page.goto(f"/desk/requests/{request.reference}/")


def answered(counsellor: Any, outcome: Outcome) -> InformationRequest:
    request = asked()
    casework.do_take(counsellor, request.pk)
    casework.do_answer(counsellor, request.pk, key="desk:1", text="About 800 lari.")
    Message.objects.update(send_after=None)  # the seconds in which it could be undone are over
    one = mailbox.claim_delivery("s1", "telegram")
    assert one is not None
    mailbox.settle(one, outcome)
    mailbox.release_delivery(one.sender, one.conversation_id)
    return request


def test_what_did_not_arrive_is_sent_again(log_in_page: LogIn, jonas: Any) -> None:
    request = answered(jonas, Outcome.REFUSED)
    page = log_in_page(jonas)
    opened(page, request)
    expect(page.locator("#sent")).to_contain_text("not sent")
    expect(page.locator("#work .badge").first).to_have_text("checked")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("It is sent again.")).to_be_visible()
    one = mailbox.claim_delivery("s2", "telegram")
    assert one is not None
    assert one.text.endswith("About 800 lari.")
    mailbox.settle(one, Outcome.SENT)
    expect(page.locator("#work .badge").first).to_have_text("delivered", timeout=SOON)


def test_the_person_takes_it_back_and_asks_again(log_in_page: LogIn, jonas: Any) -> None:
    request = asked()
    page = log_in_page(jonas)
    opened(page, request)
    page.get_by_role("button", name="Take it").click()
    requests.withdraw(request.conversation_id, request.reference)
    expect(page.locator("#work .badge").first).to_have_text("withdrawn", timeout=SOON)
    page.get_by_label("What the person reads").fill("About 800 lari.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert not Message.objects.filter(kind="answer").exists(), "taken back: nothing is sent"
    requests.add_information(request.conversation_id, request.reference, "I do ask.", "m:1")
    expect(page.locator("#work .badge").first).to_have_text("taken", timeout=SOON)
    expect(page.locator("main")).to_contain_text("I do ask.")


def test_a_closed_request_is_opened_again_and_given_back(log_in_page: LogIn, jonas: Any) -> None:
    request = answered(jonas, Outcome.SENT)
    page = log_in_page(jonas)
    opened(page, request)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#work")).to_contain_text("closed")
    page.get_by_role("button", name="Open again").click()
    expect(page.locator("#work .badge").first).to_have_text("taken")
    page.get_by_role("button", name="Give it back").click()
    expect(page.get_by_role("button", name="Take it")).to_be_visible()


def test_another_date_and_a_note(log_in_page: LogIn, jonas: Any, petra: Any) -> None:
    request = asked()
    page, at_petra = log_in_page(jonas), log_in_page(petra)
    opened(page, request)
    opened(at_petra, request)
    page.get_by_role("button", name="Take it").click()
    page.get_by_text("Another date", exact=True).click()
    day = timezone.localdate().replace(year=timezone.localdate().year + 1, month=3, day=4)
    page.get_by_label("New date").fill(day.isoformat())
    page.get_by_role("button", name="Set it and tell the person").click()
    expect(page.locator("#work")).to_contain_text(f"4 March {day.year}")
    expect(page.locator("#sent")).to_contain_text(request.reference)
    page.get_by_role("textbox", name="Internal note").fill("The hospital calls back on Monday.")
    page.get_by_role("button", name="Keep the note").click()
    expect(at_petra.locator("main")).to_contain_text("calls back on Monday", timeout=SOON)
    assert not Message.objects.filter(text__contains="hospital").exists()


def test_the_sheet_is_printed_without_who_asks(
    log_in_page: LogIn, jonas: Any, tmp_path: Path
) -> None:
    request = asked(talk(language="ar", address="7654321"), question="كم يكلف الدواء؟")
    page = log_in_page(jonas)
    opened(page, request)
    address = page.get_by_role("link", name="Request sheet (PDF)").get_attribute("href")
    sheet = page.request.get(str(address))
    assert sheet.headers["content-type"] == "application/pdf"
    assert sheet.body().startswith(b"%PDF-")
    assert b"7654321" not in sheet.body()


def test_a_supervisor_writes_a_canned_answer_and_a_counsellor_uses_it(
    log_in_page: LogIn, ruth: Any, jonas: Any
) -> None:
    request = asked(talk(language="ar"), question="أين أجد دواء؟", topic="medical")
    page = log_in_page(ruth)
    page.goto("/desk/canned/")
    page.get_by_role("link", name="New canned answer").click()
    page.get_by_label("Title").fill("Ask a pharmacy")
    page.locator("#text-en").fill("Ask a pharmacy.")
    page.locator("#text-ar").fill("اسألوا صيدلية.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("link", name="Ask a pharmacy")).to_be_visible()
    casework.do_take(jonas, request.pk)
    at_jonas = log_in_page(jonas)
    opened(at_jonas, request)
    at_jonas.get_by_label("Canned answer").select_option(label="Ask a pharmacy")
    at_jonas.locator("[data-name=canned]").click()
    expect(at_jonas.get_by_label("What the person reads")).to_have_value("اسألوا صيدلية.")
    expect(at_jonas.get_by_label("Your text")).to_have_value("Ask a pharmacy.")
    page.get_by_role("link", name="Ask a pharmacy").click()
    page.get_by_text("Delete it", exact=True).click()
    assert CannedAnswer.objects.exists(), "what can't be taken back is not done by one press"
    page.get_by_role("button", name="Delete it in all languages").click()
    expect(page.get_by_text("There are none yet.")).to_be_visible()


def test_the_log_says_who_opened_and_took_it(log_in_page: LogIn, ruth: Any, jonas: Any) -> None:
    request, other = asked(), asked()
    page = log_in_page(jonas)
    opened(page, request)
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#work .badge").first).to_have_text("taken")
    opened(page, other)
    at_ruth = log_in_page(ruth)
    at_ruth.goto("/desk/log")
    at_ruth.get_by_label("Counsellor").select_option(label="Jonas")
    at_ruth.get_by_label("Number").fill(request.reference)
    at_ruth.get_by_role("button", name="Show").click()
    expect(at_ruth.get_by_role("row", name="taken")).to_have_count(1)
    expect(at_ruth.get_by_role("row", name="opened a request").first).to_be_visible()
    expect(at_ruth.locator("tbody")).not_to_contain_text(other.reference)


def test_an_administrator_makes_a_team_and_dissolves_it(
    open_page: Callable[..., Page], ada: Any
) -> None:
    page = open_page()
    log_in(page, "ada", PASSWORD)
    page.get_by_role("link", name="New team").click()
    page.get_by_label("Name").fill("Bern")
    page.get_by_label("Office hours").fill("Mon-Fri 09:00-12:00")
    page.get_by_label("Ada").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("tbody")).to_contain_text(["Bern"])
    made = Team.objects.get()
    assert [one.username for one in made.members.all()] == ["ada"]
    page.get_by_role("link", name="Bern").click()
    page.get_by_text("Dissolve the team", exact=True).click()
    assert Team.objects.exists(), "what can't be taken back is not done by one press"
    page.get_by_role("button", name="Dissolve it now").click()
    expect(page.get_by_text("There are no teams")).to_be_visible()


def test_what_is_typed_stays_when_the_log_in_ends(log_in_page: LogIn, jonas: Any) -> None:
    request = asked()
    page = log_in_page(jonas)
    opened(page, request)
    page.get_by_role("textbox", name="Internal note").fill("A long note.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("What the person reads").fill("Half an ans")
    ended = page.get_by_text("You are no longer logged in")
    expect(ended).to_be_visible()
    expect(page.get_by_role("textbox", name="Internal note")).to_have_value("A long note.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_label("What you wrote")).to_have_value("A long note.")
    page.get_by_role("link", name="Log in").click()
    page.fill("#id_username", "jonas")
    page.fill("#id_password", PASSWORD)
    page.click("form.vstack button")
    expect(page.get_by_role("heading", name=request.reference)).to_be_visible()


def test_going_back_after_sending_does_not_offer_the_same_text_again(
    log_in_page: LogIn, jonas: Any
) -> None:
    request = asked()
    page = log_in_page(jonas)
    opened(page, request)
    page.get_by_label("What the person reads").fill("About 800 lari.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("What the person reads")).to_have_value("")
    assert Message.objects.filter(kind="answer").count() == 1


def test_the_seconds_to_undo_are_counted_on_a_computer_whose_clock_is_wrong(
    log_in_page: LogIn, jonas: Any
) -> None:
    request = asked()
    page = log_in_page(jonas)
    page.add_init_script("const now = Date.now; Date.now = () => now() + 60_000;")
    opened(page, request)
    page.get_by_label("What the person reads").fill("About 800 lari.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text(re.compile(r"\b[5-9] s\b"))).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back: nothing was sent.")).to_be_visible()
