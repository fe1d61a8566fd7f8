"""Accounts in Chromium: an invitation, a second factor, a log-in with its code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from desk.models import Counsellor
from tests.desk.conftest import PASSWORD, team
from tests.desk.test_sign_in import code_for

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., "Page"]
NEW = "a long enough secret 7"


def log_in(page: Page, name: str, password: str) -> None:
    page.goto("/desk/login")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_from_the_invitation_to_a_log_in_with_a_code(open_page: OpenPage, ada: Any) -> None:
    team("Bern", "CH")
    at_ada = open_page()
    log_in(at_ada, "ada", PASSWORD)
    expect(at_ada.get_by_role("link", name="Invite somebody")).to_be_visible()
    expect(at_ada.locator("#offline")).to_be_hidden()
    at_ada.get_by_role("link", name="Invite somebody").click()
    box = at_ada.get_by_text("Content editor", exact=True).bounding_box()
    assert box is not None
    assert box["height"] < 40, "a role stands on one line"
    at_ada.get_by_label("User name").fill("nora")
    at_ada.get_by_label("First name").fill("Nora")
    at_ada.get_by_label("Bern").check()
    at_ada.get_by_role("button", name="Make the account and its link").click()
    link = at_ada.locator("#link").inner_text()

    page = open_page(width=390, height=800)
    page.goto(urlsplit(link).path)
    expect(page.get_by_text("For the account nora.")).to_be_visible()
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password confirmation").fill(NEW)
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("Log in as nora.")).to_be_visible()
    log_in(page, "nora", NEW)
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Your account").click()
    expect(page.get_by_text("Bern")).to_be_visible()

    page.get_by_role("link", name="Set up a second factor").click()
    picture = page.locator("img.qr")
    assert picture.evaluate("one => one.complete && one.naturalWidth > 0")
    page.get_by_text("Type the key instead").click()
    secret = page.locator("#totp-secret").inner_text()
    page.get_by_label("Authenticator code").fill(code_for(secret))
    page.get_by_role("button", name="Set it up").click()
    codes = page.locator("#recovery-codes li")
    expect(codes).to_have_count(10)
    first = codes.first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 recovery codes are left.")).to_be_visible()

    for code in (code_for(secret), first):
        page.get_by_text("Menu", exact=True).click()
        page.get_by_role("button", name="Log out").click()
        log_in(page, "nora", NEW)
        page.goto("/desk/")
        expect(page.get_by_role("heading", name="Log in to the desk")).to_have_count(0)
        expect(page.get_by_label("Code")).to_be_visible()
        page.get_by_label("Code").fill("000000")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_text("Incorrect code.")).to_be_visible()
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("#worklist")).to_be_visible()
    nora = Counsellor.objects.get(username="nora")
    assert [role.name for role in nora.groups.all()] == ["counsellor"]


def test_logging_out_everywhere_else(open_page: OpenPage, jonas: Any) -> None:
    here, there = open_page(), open_page()
    for page in (here, there):
        log_in(page, "jonas", PASSWORD)
        expect(page.locator("#worklist")).to_be_visible()
    here.goto("/desk/account/log-ins")
    expect(here.get_by_text("here", exact=True)).to_have_count(1)
    here.get_by_role("button", name="Log out everywhere else").click()
    expect(here.locator("tbody tr")).to_have_count(1)
    # A page of its own: the open one may just be on its way to the log-in by itself.
    again = there.context.new_page()
    again.goto("/desk/")
    expect(again.get_by_role("heading", name="Log in to the desk")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(width: int, open_page: OpenPage, ada: Any) -> None:
    long = "W" * 80
    bern = team(long, "CH", ada)
    Counsellor.objects.filter(pk=ada.pk).update(first_name=long)
    page = open_page(width=width)
    log_in(page, "ada", PASSWORD)
    expect(page.get_by_role("heading", name="Teams")).to_be_visible()
    for address in (
        "/desk/accounts/",
        "/desk/accounts/new",
        f"/desk/accounts/{ada.pk}/",
        f"/desk/teams/{bern.pk}/",
        "/desk/account/",
        "/desk/account/log-ins",
        "/desk/account/second-factor",
        "/desk/account/password",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
