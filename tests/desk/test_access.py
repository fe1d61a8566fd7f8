"""Can everybody use every page: axe-core on each, and the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import expect

from desk.models import Message
from tests.desk.busy import ARABIC, Busy, busy_desk, page_addresses
from tests.desk.conftest import PASSWORD, account, asked, talk
from tests.desk.test_browser_chat import answer, open_chat, write
from tests.desk.test_roles import GET, VIEWS
from tests.desk.test_sign_in import code_for

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., "Page"]
PHONE, WIDE = 390, 1280
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERY_ROLE = ("counsellor", "supervisor", "content_editor", "administrator")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# What answers with a piece of a page, a file, a stream or another address.
PIECES = {
    "home",
    "health",
    "chat-messages",
    "chat-events",
    "chat-picture",
    "worklist",
    "move-targets",
    "dashboard-file",
    "console-events",
    "file",
    "request-record",
    "request-insert",
    "request-near",
    "request-sheet",
    "conversation-thread",
}
AXE = """async (rules) => {
  const found = await axe.run(document, {
    runOnly: rules, resultTypes: ["violations"], preload: false,
  });
  return found.violations.flatMap((one) => one.nodes.map((node) =>
    `${one.id}: ${node.target.join(" ")}: ${node.any.concat(node.all, node.none)
      .map((check) => check.message).join("; ")}`));
}"""


def look(page: Page) -> list[str]:
    """What axe-core finds on the open page at both widths, in light and in dark.

    Dark and light differ in their colours alone, so the second look is for contrast.
    """
    page.locator("details").evaluate_all(
        "all => all.forEach(one => one.open = !one.closest('header'))"
    )
    page.evaluate(AXE_SCRIPT)
    found = []
    for width in (PHONE, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            rules = STANDARDS if theme == "light" else ["color-contrast"]
            found += [f"{width} {theme} {one}" for one in page.evaluate(AXE, rules)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width} wider than the screen")
    return found


def enter(page: Page, name: str) -> None:
    page.goto("/desk/login")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("form.vstack button")


@pytest.fixture
def calm_page(open_page: OpenPage) -> OpenPage:
    """A page in which nothing moves: a colour half way between two is nobody's."""
    return lambda **options: open_page(**({"reduced_motion": "reduce"} | options))


@pytest.fixture
def busy(transactional_db: None) -> Busy:
    return busy_desk(account("vera", *EVERY_ROLE))


def test_every_page_that_somebody_works_with(calm_page: OpenPage, busy: Busy) -> None:
    page = calm_page()
    enter(page, "vera")
    page.wait_for_selector("#worklist")
    pages = page_addresses(busy)
    faults = {}
    for address in [one for all_ in pages.values() for one in all_]:
        page.goto(address)
        assert page.url.endswith(address), (address, page.url)
        expect(page.locator("h1")).to_have_count(1)
        faults[address] = look(page)
    assert {address: found for address, found in faults.items() if found} == {}


def test_every_page_before_and_around_the_log_in(calm_page: OpenPage, busy: Busy) -> None:
    toni = account("toni", "counsellor")
    TOTP.activate(toni, SECRET)
    RecoveryCodes.activate(toni)
    page = calm_page()
    faults = {}
    for address in ("/desk/login", f"/desk/{busy.link}", "/desk/set-password/MQ/old"):
        page.goto(address)
        faults[address] = look(page)
    enter(page, "toni")
    expect(page.get_by_label("Code")).to_be_visible()
    faults["code"] = look(page)
    page.get_by_label("Code").fill("1")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Incorrect code.")).to_be_visible()
    faults["wrong code"] = look(page)
    page.get_by_label("Code").fill(code_for(SECRET))
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector("#worklist")
    for name in AFTER_A_SECOND_FACTOR:
        page.goto(reverse(name))
        faults[name] = look(page)
    page.goto("/desk/accounts/")
    expect(page.get_by_role("heading", name="not open to your role")).to_be_visible()
    faults["403"] = look(page)
    page.goto("/desk/no-such-page")
    faults["404"] = look(page)
    page.goto(f"/desk/requests/{asked().reference}/")
    page.get_by_role("textbox", name="Internal note").fill("A note.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("What the person reads").fill("An answer.")
    expect(page.locator("#ended")).to_be_visible()
    faults["the log-in has ended"] = look(page)
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_label("What you wrote")).to_be_visible()
    faults["what was typed"] = look(page)
    assert {name: found for name, found in faults.items() if found} == {}


AFTER_A_SECOND_FACTOR = (
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
)
BESIDES = {"login", "account_login", "mfa_authenticate", "set-password", "mfa_index", "chat"}


def test_no_whole_page_is_left_out(busy: Busy) -> None:
    looked_at = {*page_addresses(busy), *AFTER_A_SECOND_FACTOR, *BESIDES}
    assert looked_at == {name for name, (method, _) in VIEWS.items() if method == GET} - PIECES


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_chat_page(language: str, calm_page: OpenPage) -> None:
    page = open_chat(calm_page, locale=language)
    write(page, ARABIC if language == "ar" else "How much money?")
    answer("1. https://example.org/a\n\n*CHF 1,000*", buttons=("A", "B"), language=language)
    expect(page.locator(".bubble.assistant")).to_have_count(2)
    faults = look(page)
    page.locator(".languages summary").click()
    assert faults + look(page) == []


# --- the keyboard alone ------------------------------------------------------------------------

FOCUS = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return {
    name: one.id || one.getAttribute("href") || one.innerText || one.tagName,
    seen: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
      || style.boxShadow !== "none") && box.width > 1 && box.bottom > 0 && box.right > 0,
    first: one.getAttribute("href") === "#main",
    round: one === document.body,
  };
}"""


def tab_to(page: Page, selector: str, most: int = 150) -> None:
    """Press Tab until it is there; whoever looks sees where they are at each step."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["seen"] or focus["round"], f"nobody sees that {focus['name']!r} has the focus"
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    raise AssertionError(f"no way to {selector} with Tab")


def test_taking_and_answering_with_the_keyboard_alone(calm_page: OpenPage, jonas: Any) -> None:
    request = asked(talk(language="ar"), question=ARABIC)
    page = calm_page()
    enter(page, "jonas")
    page.wait_for_selector("#worklist")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["first"], "the first is the way past the header"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, f"#request-{request.pk}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=request.reference)).to_be_visible()
    tab_to(page, "#take")
    page.keyboard.press("Enter")
    expect(page.locator("#work")).to_contain_text("Jonas")
    tab_to(page, "#id_text")
    page.keyboard.type("حوالي 20 دولاراً في الشهر.")
    expect(page.locator("#draft-state")).to_contain_text("Draft kept")
    expect(page.locator("#id_text")).to_be_focused()
    tab_to(page, "#compose .btn-primary")
    page.keyboard.press("Enter")
    expect(page.locator("#sent")).to_contain_text("حوالي 20 دولاراً")
    assert Message.objects.get(request=request).counsellor == jonas


def test_the_focus_stays_when_a_part_of_the_page_is_made_anew(
    calm_page: OpenPage, busy: Busy
) -> None:
    page = calm_page()
    enter(page, "vera")
    page.wait_for_selector("#worklist")
    page.locator(".filters-box summary").press("Enter")
    page.locator("#filter-language").focus()
    page.keyboard.type("Tigrinya")
    page.wait_for_url(re.compile("language=ti"))
    expect(page.locator("#filter-language")).to_be_focused()
    page.goto(f"/desk/requests/{busy.asks.reference}/")
    files = busy.asks.files.filter(state="kept")
    for one in ("release", "messages", f"file-{files[0].pk}"):
        page.locator(f"#{one}").focus()
        with page.expect_response("**/record*"):
            page.evaluate("htmx.trigger(document.body, 'desk:changed')")
        expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        expect(page.locator(f"#{one}")).to_be_focused()


def test_tab_goes_round_every_page_and_is_caught_nowhere(calm_page: OpenPage, busy: Busy) -> None:
    page = calm_page()
    enter(page, "vera")
    page.wait_for_selector("#worklist")
    for address in (
        "/desk/",
        reverse("request", args=[busy.asks.reference]),
        reverse("conversation", args=[busy.speaks.pk]),
        reverse("dashboard"),
    ):
        page.goto(address)
        page.evaluate("document.activeElement.blur()")
        tab_to(page, "[href='#main']")
        tab_to(page, "main :is(a, button, input, select, textarea, summary)")
        tab_to(page, "[href='#main']", 200)


def test_the_menu_of_a_small_screen_needs_no_mouse(calm_page: OpenPage, jonas: Any) -> None:
    page = calm_page(width=PHONE)
    enter(page, "jonas")
    page.wait_for_selector("#worklist")
    menu, link = page.locator(".nav-menu > summary"), page.locator(".nav-box a").first
    expect(link).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE, STANDARDS) == []
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "#main *, #q")
    expect(link).to_be_hidden()
