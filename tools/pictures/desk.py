"""The desk as counsellors see it: the list, a live conversation, a request, its answer."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Page, expect

from tools.pictures import sayings
from tools.pictures.camera import PHONE, Camera
from tools.pictures.chat import TURN_MS, says

SEARCHED = "/desk/?show=all&q=دواء&country=SY&topic=medical"


async def talk(camera: Camera, phone: Page) -> None:
    """Samira has a live conversation, and could pass it on or hand it back."""
    asks, hello, replies, explains, last_line, thanks = sayings.TALK
    await says(phone, asks)
    desk = await camera.at_desk("samira")
    await desk.locator("tr.waits", has_text="Arabic").get_by_role("link").click()
    await desk.click("#take-over")
    await expect(phone.locator("#counsellor")).to_be_visible(timeout=TURN_MS)
    await _writes(desk, phone, hello)
    await phone.fill("#text", replies)
    await phone.press("#text", "Enter")
    await expect(desk.get_by_text(replies)).to_be_visible(timeout=TURN_MS)
    await _writes(desk, phone, explains)
    await desk.get_by_text("Pass on to a colleague or a team").click()
    await desk.get_by_label("Pass on to", exact=True).select_option(label="Jonas")
    await desk.get_by_text("Hand back with a last line").click()
    await desk.get_by_label("A last line to the person").fill(last_line)
    # As slowly as people type: the page tells it at most every four seconds.
    types = asyncio.create_task(phone.locator("#text").press_sequentially(thanks, delay=400))
    await expect(desk.get_by_text("The person is typing")).to_be_visible(timeout=TURN_MS)
    await camera.take(desk, "desk-talk")
    await types
    await desk.context.close()
    await phone.context.close()


async def _writes(desk: Page, phone: Page, text: str) -> None:
    await desk.get_by_label("Message to the person").fill(text)
    await desk.get_by_role("button", name="Send", exact=True).click()
    await expect(phone.get_by_text(text)).to_be_visible(timeout=TURN_MS)
    await expect(desk.get_by_label("Message to the person")).to_have_value("")


async def work_list(camera: Camera) -> None:
    """The list: by day, in the dark, narrowed, and on a phone."""
    page = await camera.at_desk("jonas", "/desk/?show=all")
    await camera.take(page, "desk-list")
    dark = await camera.at_desk("jonas", "/desk/?show=mine", dark=True)
    await camera.take(dark, "desk-list-dark")
    await page.goto(SEARCHED)
    views = page.get_by_role("navigation", name="Saved views")
    await camera.take(page, "desk-filters", first=views, last=page.locator("#requests"))
    phone = await camera.at_desk("jonas", width=PHONE)
    await camera.take(phone, "desk-queue-phone")
    await phone.goto(SEARCHED)
    views = phone.get_by_role("navigation", name="Saved views")
    await camera.take(phone, "desk-filters-phone", first=views, last=phone.locator("#requests"))
    for one in (page, dark, phone):
        await one.context.close()


async def request(camera: Camera, reference: str) -> None:
    """A request with everything in it, and the answer while it is written."""
    address = f"/desk/requests/{reference}/"
    colleague = await camera.at_desk("samira", address)
    page = await camera.at_desk("jonas", address)
    near = page.locator("#near section")
    await expect(near).to_be_visible()
    await expect(page.locator("#looking")).to_contain_text("Samira")
    await camera.take(page, "desk-request", last=page.locator("#timeline"))
    await near.locator("summary").first.click()
    await camera.take(page, "desk-near", only=near)
    await page.locator("#messages").click()
    await camera.take(page, "desk-files", only=page.locator("#record"))
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator(".phone")).to_be_visible()
    composer = page.get_by_role("region", name="Answer", exact=True)
    await camera.take(page, "desk-answering", only=composer)
    phone = await camera.at_desk("jonas", address, width=PHONE)
    await expect(phone.locator("#near section")).to_be_visible()
    await camera.take(phone, "desk-request-phone")
    for one in (colleague, page, phone):
        await one.context.close()


async def sheet(camera: Camera, reference: str) -> bytes:
    """A request as it goes to the country office, on paper."""
    page = await camera.at_desk("jonas", f"/desk/requests/{reference}/")
    answer = await page.context.request.get(f"/desk/requests/{reference}/sheet.pdf")
    pdf = await answer.body()
    await page.context.close()
    return pdf


async def answer(camera: Camera, reference: str) -> None:
    """Samira answers; for ten seconds it can be undone."""
    page = await camera.at_desk("samira", f"/desk/requests/{reference}/")
    await page.click("#take")
    await expect(page.locator("#work")).to_contain_text("Samira")
    text, in_french = sayings.ANSWER
    await page.fill("#id_source", text)
    await page.fill("#id_text", in_french)
    await page.get_by_role("button", name="Send the answer").click()
    await expect(page.locator("#undo")).to_be_visible()
    await expect(page.locator("[data-left]")).to_have_text(re.compile(r"\d s"))
    await camera.take(page, "desk-undo", first=page.locator("h1"), last=page.locator("#sent"))
    await page.context.close()
