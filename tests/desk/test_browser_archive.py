"""The archive in Chromium: proposed, scanned, approved by another, found, inserted."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from desk import archiving, casework, satisfaction, vectors
from desk.models import ArchivedAnswer, Conversation, Message
from tests.desk.conftest import asked, talk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

LogIn = Callable[..., "Page"]
PICTURES = os.environ.get("PICTURES", "")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.fixture(autouse=True)
def _encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for the assistant's: all questions mean the same."""

    def encode(texts: Sequence[str], within_s: float) -> vectors.Encoded:
        return vectors.Encoded("test", np.array([[1.0, 0.0]] * len(texts), dtype=np.float32))

    monkeypatch.setattr(vectors, "encode", encode)


def test_an_answer_goes_into_the_archive_and_helps_with_the_next_question(
    log_in_page: LogIn, jonas: Any, ruth: Any
) -> None:
    first = asked(
        talk(), question="My name is Amina Haidari. What does a flat with two rooms cost?"
    )
    casework.do_answer(jonas, first.pk, key="a", text="About 900 lari. Regards, Jonas")
    at_jonas, at_ruth = log_in_page(jonas), log_in_page(ruth)

    at_jonas.goto(f"/desk/requests/{first.reference}/")
    at_jonas.get_by_role("link", name="Propose for the archive").click()
    suspects = at_jonas.locator("#suspects")
    expect(suspects).to_contain_text("Amina Haidari")
    expect(suspects).to_contain_text("Jonas")
    picture(at_jonas, "propose")
    at_jonas.get_by_role("button", name="Propose it").click()
    expect(at_jonas.get_by_role("alert")).to_contain_text("Something still looks like")
    assert not ArchivedAnswer.objects.exists()
    at_jonas.get_by_label("Question").fill("What does a flat with two rooms cost?")
    at_jonas.get_by_label("Answer").fill("About 900 lari a month.")
    at_jonas.get_by_role("button", name="Propose it").click()
    expect(at_jonas.get_by_text("Somebody else has to approve").first).to_be_visible()
    expect(at_jonas.get_by_role("button", name="Approve")).to_have_count(0)

    at_ruth.get_by_role("link", name="Answered before").click()
    at_ruth.get_by_role("link", name="Waiting for approval").click()
    at_ruth.get_by_role("link", name="What does a flat").click()
    picture(at_ruth, "approve")
    at_ruth.get_by_role("button", name="Approve").click()
    expect(at_ruth.get_by_text("from now on it is found")).to_be_visible()
    expect(at_ruth.get_by_role("link", name="What does a flat")).to_be_visible()
    picture(at_ruth, "list")

    next_one = asked(talk(), question="How much is the rent of a small flat?")
    at_jonas.goto(f"/desk/requests/{next_one.reference}/")
    near = at_jonas.locator("#near")
    expect(near).to_contain_text("very similar question")
    expect(near).to_contain_text("as of")
    near.get_by_role("button", name="Insert").click()
    expect(at_jonas.locator("#id_text")).to_have_value("About 900 lari a month.")
    expect(at_jonas.locator("#insert-hint")).to_contain_text("whether it is still right")
    picture(at_jonas, "near")


@pytest.mark.parametrize("width", [390, 1280])
def test_right_to_left_inside_the_page_and_nothing_wider_than_the_screen(
    width: int, log_in_page: LogIn, jonas: Any, ruth: Any
) -> None:
    conversation = talk(language="ar")
    request = asked(conversation, language="ar", question="كم تكلف شقة من غرفتين في كوتايسي؟")
    casework.do_answer(jonas, request.pk, key="a", text="حوالي 900 لاري في الشهر. " * 12)
    texts = (
        archiving.Written("ar", "كم تكلف شقة من غرفتين؟", "حوالي 900 لاري في الشهر. " * 12),
        archiving.Written("de", "Was kostet eine Wohnung mit zwei Zimmern?", "Etwa 900 Lari."),
    )
    today = timezone.localdate()
    made = archiving.do_propose(
        jonas, request.pk, archiving.Proposal("GE", "CH", "housing", today, texts)
    )
    old = archiving.Proposal("", "", "housing", today.replace(year=today.year - 2), texts)
    other = asked(talk())
    casework.do_answer(jonas, other.pk, key="b", text="About 900 lari.")
    archiving.do_approve(ruth, archiving.do_propose(jonas, other.pk, old).pk)
    satisfaction.rate(conversation.pk, request.reference, "partly")
    satisfaction.add_word(conversation.pk, request.reference, "لم أفهم السعر")
    page = log_in_page(jonas, width=width)
    for name, address in (
        ("archive-form", f"/desk/requests/{request.reference}/archive"),
        ("archive-one", f"/desk/archive/{made.pk}/"),
        ("archive-list", "/desk/archive/"),
        ("request", f"/desk/requests/{request.reference}/"),
        ("figures", "/desk/satisfaction/"),
    ):
        page.goto(address)
        if name == "request":
            expect(page.locator("#near")).to_contain_text("older than a year")
            expect(page.locator("#rating")).to_contain_text("لم أفهم السعر")
            page.locator("#near summary").click()
        picture(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto(f"/desk/archive/{made.pk}/")
    assert page.locator("section [lang=ar]").first.get_attribute("dir") == "rtl"


def test_in_the_web_chat_one_tap_below_the_answer(open_page: LogIn, jonas: Any) -> None:
    page = open_page(width=390)
    with page.expect_response("**/chat/start"):
        page.goto("/chat/")
    Conversation.objects.update(language="en")
    request = asked(Conversation.objects.get())
    casework.do_answer(jonas, request.pk, key="a", text="About 900 lari.")
    Message.objects.filter(request=request).update(send_after=timezone.now())
    expect(page.get_by_text("About 900 lari.")).to_be_visible()
    expect(page.get_by_text("One tap is enough")).to_be_visible()
    picture(page, "chat-rating")
    page.get_by_role("button", name="It helped").click()
    expect(page.locator(".bubble.person[data-id]")).to_contain_text("It helped")
    pressed = Message.objects.filter(direction="in").latest("pk")
    assert pressed.payload["payload"] == (
        f'/check_request{{"reference": "{request.reference}", "answer": "rate_helped"}}'
    )
