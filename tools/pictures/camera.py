"""The browser: pages at the desk and in the chat, and pictures of them as small files."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, FloatRect, Locator, Page, StorageState, expect

PHONE, SCREEN = 390, 1280
HEIGHTS = {PHONE: 844, SCREEN: 900}
MARGIN = 12
COLOURS = 128
"""Of a picture: a page has few, and a file becomes a third as large."""


class Camera:
    """Pages of one running desk, and the pictures taken of them."""

    def __init__(self, browser: Browser, desk: str, password: str, folder: Path) -> None:
        self._browser = browser
        self._desk = desk
        self._password = password
        self._folder = folder
        self._logins: dict[str, StorageState] = {}
        self.taken: set[str] = set()

    async def visitor(self, language: str) -> Page:
        """Somebody's phone with the chat page."""
        context = await self._browser.new_context(
            base_url=self._desk,
            viewport={"width": PHONE, "height": HEIGHTS[PHONE]},
            locale=language,
        )
        page = await context.new_page()
        await page.goto("/chat/")
        return page

    async def at_desk(
        self, name: str, address: str = "/desk/", *, width: int = SCREEN, dark: bool = False
    ) -> Page:
        """A page of the desk, for somebody who logs in the first time they are needed."""
        context = await self._browser.new_context(
            base_url=self._desk,
            viewport={"width": width, "height": HEIGHTS[width]},
            locale="en-GB",
            color_scheme="dark" if dark else "light",
            storage_state=self._logins.get(name),
        )
        page = await context.new_page()
        if name not in self._logins:
            await page.goto("/desk/login")
            await page.fill("#id_username", name)
            await page.fill("#id_password", self._password)
            await page.get_by_role("button", name="Log in").click()
            await expect(page.locator("#logout")).to_be_attached()
            self._logins[name] = await context.storage_state()
        await page.goto(address)
        return page

    async def take(
        self,
        page: Page,
        name: str,
        *,
        first: Locator | None = None,
        last: Locator | None = None,
        only: Locator | None = None,
    ) -> None:
        """A picture of what lies between two elements of the page.

        Without ``first`` it begins at the top, and without either it is the whole page; of a
        phone it is then what the screen shows. With ``only`` it is that element alone.
        """
        await page.evaluate("document.fonts.ready")
        # What was pressed last must not look as if it were about to be pressed.
        await page.mouse.move(0, 0)
        is_screen = page.viewport_size is not None and page.viewport_size["width"] == SCREEN
        clip = None
        if only:
            clip = await _between(page, only, only, beside=False)
        elif first or last or is_screen:
            top, bottom = first or page.locator("header"), last or first or page.locator("main")
            clip = await _between(page, top, bottom)
        png = await page.screenshot(
            full_page=clip is not None,
            clip=clip,
            animations="disabled",
        )
        await asyncio.to_thread(self.keep, name, png)

    def keep(self, name: str, png: bytes) -> None:
        """Store a picture under its name, with few colours."""
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(self._folder / f"{name}.png", optimize=True)
        self.taken.add(name)


async def _between(page: Page, first: Locator, last: Locator, *, beside: bool = True) -> FloatRect:
    """The strip of the page from the one element to the other, with what stands beside them."""
    top, bottom = await first.bounding_box(), await last.bounding_box()
    assert top is not None, first
    assert bottom is not None, last
    scrolled, width = await page.evaluate("[scrollY, innerWidth]")
    begins = max(0.0, top["y"] + scrolled - MARGIN)
    ends = bottom["y"] + bottom["height"] + scrolled + MARGIN
    if not beside:
        width = min(width, bottom["x"] + bottom["width"] + MARGIN)
    return {"x": 0, "y": begins, "width": width, "height": ends - begins}
