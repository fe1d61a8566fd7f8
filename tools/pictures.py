"""Takes the pictures of README and docs from the running system: ``python tools/pictures.py``.

Starts bot, actions and desk on a database of their own, talks to them, and photographs the chat
page and the desk with Chromium.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
PHONE = {"width": 390, "height": 780}
DESK = {"width": 1280, "height": 860}
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TALKS = {
    "en": ("How much money can I get if I go back?", "switzerland"),
    "ar": ("كم المبلغ الذي يمكن أن أحصل عليه إذا رجعت؟", "switzerland"),
}


async def chat(browser: Any, desk: str, language: str) -> None:
    """A short talk on the chat page, at phone width."""
    from wegweiser.texts import button

    said, pressed = TALKS[language]
    context = await browser.new_context(viewport=PHONE, locale=language)
    page = await context.new_page()
    await page.goto(f"{desk}/chat/")
    bubbles = page.locator("[role=log] > *")
    await bubbles.nth(1).wait_for()
    await page.locator("textarea, input[type=text]").first.fill(said)
    await page.keyboard.press("Enter")
    answer = page.get_by_role("button", name=button(language, pressed))
    await answer.first.wait_for()
    await answer.first.click()
    await page.get_by_role("button", name=button(language, "apply")).first.wait_for()
    await page.wait_for_timeout(400)
    await page.screenshot(path=PICTURES / f"chat-{language}-phone.png")
    await context.close()


async def at_desk(browser: Any, running: Any, telegram: Any) -> None:
    """The work list and one request, after a few people have written."""
    from tests.system.talk import Talk
    from tests.system.test_end_to_end import _ask

    await _ask(Talk(running, telegram.person(1, language="fr")))
    await Talk(running, telegram.person(2, language="en")).says("I want to talk to a person")
    await Talk(running, telegram.person(3, language="de")).says("Ich will mich umbringen")
    login = json.loads(running.manage("first_counsellor"))
    page = await browser.new_page(viewport=DESK)
    await page.goto(f"{running.desk}/desk/")
    await page.fill("input[name=username]", login["login"])
    await page.fill("input[name=password]", login["password"])
    await page.get_by_role("button", name="Log in").click()
    await page.wait_for_timeout(800)
    await page.screenshot(path=PICTURES / "desk-list.png")
    await page.locator("a[href*='/desk/requests/'], a[href*='request']").first.click()
    await page.wait_for_timeout(800)
    await page.screenshot(path=PICTURES / "desk-request.png")
    await page.set_viewport_size(PHONE)
    await page.goto(f"{running.desk}/desk/")
    await page.wait_for_timeout(800)
    await page.screenshot(path=PICTURES / "desk-list-phone.png")


async def main() -> None:
    """Everything, one after the other."""
    from playwright.async_api import async_playwright

    from tests.system.running import Wegweiser
    from tests.telegram_server import TelegramServer

    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="wegweiser-pictures-") as folder:
        async with TelegramServer() as telegram, async_playwright() as playwright:
            running = Wegweiser(Path(folder), telegram)
            running.manage("migrate", "--verbosity", "0")
            running.start()
            browser = await playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=CHROMIUM
            )
            try:
                await running.ready()
                for language in TALKS:
                    await chat(browser, running.desk, language)
                await at_desk(browser, running, telegram)
            finally:
                await browser.close()
                running.kill()


if __name__ == "__main__":
    from cryptography.fernet import Fernet

    sys.path.insert(0, str(ROOT))
    os.environ.update(
        SECRET_KEY="pictures-only-" + "x" * 40,
        LOOKUP_KEY="pictures-only-" + "y" * 40,
        FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(),
    )
    asyncio.run(main())
