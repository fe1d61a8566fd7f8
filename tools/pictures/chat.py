"""The chat page as people see it: information, an answer of before, an answer and its rating."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from tools.pictures.camera import Camera
from wegweiser.texts import button

TURN_MS = 20_000
ARRIVES_MS = 40_000
"""An answer can be undone for ten seconds before it leaves."""
ANSWERED = """() => {
    const all = document.querySelectorAll("#log > .bubble");
    return all.length && !document.querySelector("#log > .pending")
        && document.getElementById("typing").hidden
        && !all[all.length - 1].classList.contains("person");
}"""
"""Whether the last word on the page is not the person's."""
MONEY = {
    "en": "How much money can I get if I go back?",
    "ar": "كم المبلغ الذي يمكن أن أحصل عليه إذا رجعت؟",
}


async def money(camera: Camera, language: str) -> Page:
    """A short talk about amounts; the page, on which it can go on."""
    page = await camera.visitor(language)
    await page.wait_for_function(ANSWERED, timeout=TURN_MS)
    await says(page, MONEY[language])
    await presses(page, language, "switzerland")
    await button_of(page, language, "apply").wait_for(timeout=TURN_MS)
    await camera.take(page, f"chat-{language}-phone")
    return page


async def question(camera: Camera) -> tuple[Page, str]:
    """A question in French that was asked before, and is sent all the same; its number."""
    page = await camera.visitor("fr")
    await page.wait_for_function(ANSWERED, timeout=TURN_MS)
    await says(page, "/help")
    for key in ("question", "yes", "switzerland"):
        await presses(page, "fr", key)
    await says(page, "Afghanistan")
    await says(page, "Herat")
    await presses(page, "fr", "topic_medical")
    await says(page, "Trouve-t-on de l'insuline glargine à Herat, et à quel prix ?")
    await presses(page, "fr", "share_no")
    await button_of(page, "fr", "archive_helps").wait_for(timeout=TURN_MS)
    await camera.take(page, "chat-archive-phone")
    await presses(page, "fr", "archive_go_on")
    await presses(page, "fr", "send")
    told = page.locator("#log > .bubble:not(.person)").last
    found = re.search(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}\b", await told.inner_text())
    assert found, await told.inner_text()
    return page, found[0]


async def rating(camera: Camera, page: Page) -> None:
    """The answer has arrived, and below it whether it helped is asked."""
    await button_of(page, "fr", "rate_helped").wait_for(timeout=ARRIVES_MS)
    await camera.take(page, "chat-rating-phone")


def button_of(page: Page, language: str, key: str) -> Locator:
    """The newest button with these words."""
    return page.get_by_role("button", name=button(language, key), exact=True).last


async def says(page: Page, text: str) -> None:
    """Write, and wait until the assistant has answered."""
    await page.fill("#text", text)
    await page.press("#text", "Enter")
    await page.wait_for_function(ANSWERED, timeout=TURN_MS)


async def presses(page: Page, language: str, key: str) -> None:
    """Press a button, and wait until the assistant has answered."""
    pressed = button_of(page, language, key)
    await pressed.wait_for(timeout=TURN_MS)
    await pressed.click()
    await expect(page.locator("#log > .person").last).to_have_text(
        re.compile(re.escape(button(language, key))), timeout=TURN_MS
    )
    await page.wait_for_function(ANSWERED, timeout=TURN_MS)
