"""Files and the picture of the steps, as a counsellor and a person see them in a browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from desk.models import Message
from tests.desk.conftest import asked, talk
from tests.files import OGG, PDF, a_kept_file, photo
from wegweiser.steps import steps_in_words

pytestmark = pytest.mark.django_db(transaction=True)

SHOTS = os.environ.get("SCREENSHOTS", "")


def shot(page: Any, name: str) -> None:
    """For whoever wants to look: ``SCREENSHOTS=folder``."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_counsellor_plays_and_downloads(jonas: Any, log_in_page: Any, width: int) -> None:
    request = asked()
    kept = [a_kept_file(request, content) for content in (photo(), PDF, OGG)]
    page = log_in_page(jonas, width=width)
    page.goto(f"/desk/requests/{request.reference}/")
    links = page.get_by_role("link", name="Download")
    assert links.count() == 3
    with page.expect_download() as download:
        links.nth(1).click()
    name = download.value.suggested_filename
    assert name.endswith(".pdf")
    assert Path(download.value.path()).read_bytes() == PDF
    player = page.locator("audio")
    assert player.count() == 1
    assert kept[2].pk in str(player.get_attribute("src"))
    box = player.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= width
    shot(page, f"request-files-{width}")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_person_sees_the_steps_and_hears_them_read(open_page: Any, language: str) -> None:
    page = open_page(width=390, height=800)
    page.goto("/chat/")
    page.fill("textarea", "How do I apply?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".bubble.person:not(.pending)")
    conversation = Message.objects.filter(direction="in").latest("id").conversation
    words = steps_in_words(language)
    Message.objects.create(
        conversation=conversation,
        key="steps",
        direction="out",
        author="assistant",
        kind="picture",
        language=language,
        text=words,
        payload={"data": {"kind": "picture", "picture": "steps", "language": language}},
    )
    page.reload()
    picture = page.locator("img.picture")
    picture.wait_for()
    assert picture.get_attribute("alt") == words
    page.wait_for_function("document.querySelector('img.picture').naturalWidth === 1080")
    box = picture.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    shot(page, f"chat-steps-{language}")


def test_the_live_page_shows_files(jonas: Any, log_in_page: Any) -> None:
    conversation = talk(handled_by=jonas)
    request = asked(conversation)
    kept = a_kept_file(request, OGG)
    kept.goes_to, kept.request = "talk", None
    kept.save()
    page = log_in_page(jonas)
    page.goto(f"/desk/conversations/{conversation.pk}/")
    assert page.get_by_text("Voice message").count() >= 1
    shot(page, "talk-files")
