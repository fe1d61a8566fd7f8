"""From Telegram to the desk and back: a question, its answer in the browser, and what is heard."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import async_playwright, expect

from tests.system.running import Wegweiser
from tests.system.talk import Talk, keys_of
from tests.telegram_server import TelegramServer
from wegweiser.texts import button

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


async def test_a_question_from_telegram_is_answered_at_the_desk(
    wegweiser: Wegweiser, telegram: TelegramServer
) -> None:
    amina = Talk(wegweiser, telegram.person(820_001, language="fr"))
    reference = await _ask(amina)
    login = json.loads(wegweiser.manage("first_counsellor"))

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM
        )
        page = await browser.new_page()
        await page.goto(f"{wegweiser.desk}/desk/")
        await page.fill("input[name=username]", login["login"])
        await page.fill("input[name=password]", login["password"])
        await page.get_by_role("button", name="Log in").click()
        await page.get_by_role("link", name=re.compile(reference)).first.click()
        await expect(page.get_by_text("insuline")).to_be_visible()
        await page.click("#take")
        before = len(amina.person.heard)
        await page.fill("#id_text", "Oui, à la pharmacie centrale.")
        await page.get_by_role("button", name="Send the answer").click()
        # It can be undone for ten seconds.
        await telegram.until(lambda: len(amina.person.heard) > before, within_s=30)
        answer = amina.person.heard[before]
        assert "utter_request_answer" in keys_of(answer.text, "fr")
        assert reference in answer.text
        assert "pharmacie centrale" in answer.text
        await expect(page.locator("#work")).to_contain_text("delivered")
        await browser.close()

    await telegram.until(lambda: len(amina.person.heard) > before + 1, within_s=30)
    assert "utter_rating_ask" in keys_of(amina.person.heard[before + 1].text, "fr")
    thanked = await amina.presses(button("fr", "rate_helped"))
    assert "utter_rated" in keys_of(thanked[0].text, "fr")
    asked = await amina.presses(button("fr", "rate_word"))
    assert "utter_rating_word" in keys_of(asked[0].text, "fr")
    kept = await amina.says("C'était clair et rapide, merci beaucoup.")
    assert "utter_rating_word_kept" in keys_of(kept[0].text, "fr")

    told = await amina.says("/status")
    assert "utter_request_state_delivered" in keys_of(told[0].text, "fr")


async def test_what_people_ask_is_counted_without_them(
    wegweiser: Wegweiser, telegram: TelegramServer
) -> None:
    amina = Talk(wegweiser, telegram.person(820_002, language="fr"))
    await amina.says("/start")
    before = _counted(wegweiser)
    await amina.says("Combien d'argent est-ce que je peux recevoir ?")
    await amina.says("xqzt blorf wrmpf")
    after = _counted(wegweiser)
    new = {what: number - before.get(what, 0) for what, number in after.items()}
    counted = {what: number for what, number in new.items() if number}
    assert counted.pop("asked ask_amount fr") == 1
    # Gibberish is refused one way or the other, and nothing of it is kept.
    assert counted in ({"not_understood  fr": 1}, {"asked out_of_scope fr": 1})


def _counted(wegweiser: Wegweiser) -> dict[str, int]:
    """How often each topic was asked about: "kind topic language"."""
    said = wegweiser.manage(
        "shell",
        "--no-imports",
        "-c",
        "import collections, json; from desk.models import DailyCount as D\n"
        "c = collections.Counter()\n"
        "for one in D.objects.all(): c[f'{one.kind} {one.name} {one.language}'] += one.number\n"
        "print(json.dumps(c))",
    )
    return dict(json.loads(said.strip().splitlines()[-1]))


async def _ask(amina: Talk) -> str:
    """Write a request in French; returns its number."""

    def fr(key: str) -> str:
        return button("fr", key)

    await amina.says("/help")
    await amina.presses(fr("question"))
    await amina.presses(fr("yes"))
    await amina.presses(fr("switzerland"))
    await amina.says("Afghanistan")
    await amina.says("Herat")
    await amina.presses(fr("topic_medical"))
    await amina.says("Trouve-t-on de l'insuline glargine, et à quel prix ?")
    await amina.presses(fr("share_no"))
    sent = await amina.presses(fr("send"))
    found = re.search(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}\b", sent[0].text)
    assert found, sent
    return found[0]
