"""The work list and the supervisor's pages in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from desk import casework, requests
from desk.models import InformationRequest
from tests.desk.conftest import SOON, asked, talk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

LogIn = Callable[..., "Page"]


def shown(page: Page) -> list[str]:
    return page.locator("#worklist a[data-row]").all_inner_texts()


def test_a_filter_changes_list_and_address_without_reloading(
    log_in_page: LogIn, jonas: Any
) -> None:
    georgia, eritrea = asked(country="GE"), asked(country="ER", topic="family")
    page = log_in_page(jonas)
    page.evaluate("window.stays = true")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Country").select_option("ER")
    expect(page.get_by_role("link", name=georgia.reference)).to_have_count(0)
    assert shown(page) == [eritrea.reference]
    assert page.url.endswith("/desk/?show=waiting&country=ER")
    assert page.evaluate("window.stays"), "the page was reloaded"
    # A change elsewhere leaves the filter in force.
    third = asked(country="ER")
    expect(page.get_by_role("link", name=third.reference)).to_be_visible(timeout=SOON)
    assert georgia.reference not in shown(page)
    page.get_by_label("Topic").select_option("family")
    expect(page.get_by_role("link", name=third.reference)).to_have_count(0)
    page.reload()
    assert shown(page) == [eritrea.reference]
    expect(page.get_by_label("Topic")).to_have_value("family")
    page.go_back()
    expect(page.get_by_role("link", name=third.reference)).to_be_visible()


@pytest.mark.parametrize(
    ("question", "typed"),
    [("ما هي تكلفة الشقة في حلب؟", "شقة"), ("ኣብ ኣስመራ መድሓኒት ክንደይ ዋጋኡ?", "መድሃኒት")],
    ids=["Arabic", "Tigrinya"],
)
def test_search_in_another_script(
    question: str, typed: str, log_in_page: LogIn, jonas: Any
) -> None:
    asked(question="Something else")
    hit = asked(talk(language="ti"), question=question)
    page = log_in_page(jonas)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#worklist a[data-row]")).to_have_count(1)
    assert shown(page) == [hit.reference]
    page.fill("#q", "?!")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("at least two letters")


def test_a_view_is_kept_of_what_is_shown_now(log_in_page: LogIn, jonas: Any) -> None:
    asked(country="GE")
    eritrea = asked(country="ER")
    page = log_in_page(jonas)
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Country").select_option("ER")
    expect(page.locator("#worklist a[data-row]")).to_have_count(1)
    page.get_by_text("Saved views", exact=True).click()
    page.get_by_label("Name of the view").fill("ኤርትራ")
    page.get_by_role("button", name="Keep this list as a view").click()
    page.goto("/desk/")
    assert len(shown(page)) == 2
    page.get_by_role("link", name="ኤርትራ").click()
    assert shown(page) == [eritrea.reference]


def test_shortcuts_move_open_and_help(log_in_page: LogIn, jonas: Any) -> None:
    rows = [asked() for _ in range(3)]
    page = log_in_page(jonas)
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(page.get_by_role("link", name=rows[at].reference)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{rows[1].reference}/")


def test_a_letter_that_is_typed_is_no_shortcut(log_in_page: LogIn, jonas: Any) -> None:
    asked()
    page = log_in_page(jonas)
    page.fill("#q", "")
    page.keyboard.type("j/k?x")
    expect(page.locator("#q")).to_have_value("j/k?x")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_text("Sound, title, shortcuts").click()
    page.get_by_label("Keyboard shortcuts of one key").uncheck()
    page.get_by_role("button", name="Keep", exact=True).click()
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()


def test_what_is_new_is_marked_until_one_has_looked(log_in_page: LogIn, jonas: Any) -> None:
    page = log_in_page(jonas)
    one = asked()
    row = page.locator("tr", has_text=one.reference)
    expect(row.get_by_text("new", exact=True)).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="I have looked").click()
    expect(row).to_be_visible()
    expect(row.get_by_text("new", exact=True)).to_have_count(0)


def test_a_sound_for_who_wants_one(log_in_page: LogIn, jonas: Any) -> None:
    page = log_in_page(jonas)
    page.get_by_text("Sound, title, shortcuts").click()
    page.get_by_label("A sound when somebody new needs us").check()
    page.get_by_label("How many need us, in the title of the page").uncheck()
    page.get_by_role("button", name="Keep", exact=True).click()
    requests.ask_for_person(talk().pk)
    expect(page.locator("#worklist")).to_have_attribute("data-sounded", "1", timeout=SOON)
    expect(page).to_have_title("Work list · Wegweiser")


def test_ticked_requests_are_given_to_a_colleague(
    log_in_page: LogIn, ruth: Any, petra: Any
) -> None:
    rows = [asked() for _ in range(3)]
    page = log_in_page(ruth)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_label(rows[1].reference, exact=True).check()
    another = asked()
    expect(page.get_by_role("link", name=another.reference)).to_be_visible(timeout=SOON)
    expect(page.get_by_label(rows[1].reference, exact=True)).to_be_checked()
    page.get_by_text("Give the ticked requests to a colleague or team").click()
    page.locator("#move-to").select_option(label="Petra")
    page.get_by_role("button", name="Give them").click()
    expect(page.get_by_text("2 requests were moved.")).to_be_visible()
    taken = InformationRequest.objects.filter(taken_by=petra).order_by("pk")
    assert list(taken) == rows[:2]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_supervisors_pages_fit_any_screen(
    width: int, log_in_page: LogIn, ruth: Any, jonas: Any
) -> None:
    for country in ("ER", "GE", "SY"):
        casework.do_take(jonas, asked(country=country).pk)
    page = log_in_page(ruth, width=width)
    for name, heading in (
        ("dashboard", "Figures"),
        ("workload", "Workload"),
        ("log", "Who saw and did what"),
        ("?show=all&q=flat&country=GE", "Requests for information"),
    ):
        page.goto(f"/desk/{name}")
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_the_figures_are_a_picture_and_a_table(log_in_page: LogIn, ruth: Any) -> None:
    for country, number in (("ER", 6), ("GE", 3), ("SY", 3)):
        for _ in range(number):
            asked(country=country)
    page = log_in_page(ruth)
    page.get_by_role("link", name="Figures").click()
    chart = page.locator("#chart-country")
    expect(chart.get_by_role("row", name="Eritrea")).to_contain_text("6")
    expect(chart.get_by_role("row", name="Georgia")).to_contain_text("<5")
    bars = chart.locator("svg rect")
    lengths = [one.bounding_box()["width"] for one in bars.all()]  # type: ignore[index]
    assert lengths[0] > lengths[1] > 0
    with page.expect_download() as download:
        page.get_by_role("link", name="As a file (CSV)").click()
    assert download.value.suggested_filename.endswith(".csv")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_these_pages(
    scheme: str, log_in_page: LogIn, ruth: Any, jonas: Any
) -> None:
    casework.do_take(jonas, asked(country="ER").pk)
    requests.ask_for_person(talk().pk)
    page = log_in_page(ruth, color_scheme=scheme)
    asked()
    faults = []
    for address in ("?show=all&country=GE", "?show=all", "dashboard", "workload", "log"):
        page.goto(f"/desk/{address}")
        found = Axe().run(page).response["violations"]
        faults += [
            (address, fault["id"], node["html"]) for fault in found for node in fault["nodes"]
        ]
    assert faults == []
