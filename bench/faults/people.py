"""People who write while processes die: on Telegram, and on the desk's chat page."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from contextlib import suppress

import httpx

from tests.telegram_people import Person

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NEW_BUBBLE = re.compile(r'data-id="(\d+)"(?: data-client="[^"]*")? data-new')
PAUSE_S = 0.2


async def writes_on_telegram(
    person: Person, words: Callable[[int], str], every_s: float, dice: random.Random
) -> None:
    """Send messages until cancelled."""
    number = 0
    while True:
        await asyncio.sleep(dice.uniform(0, 2 * every_s))
        await person.says(words(number))
        number += 1


class Visitor:
    """A browser on the chat page. Like its script it sends again, under the same id, until it has
    a receipt, and says which messages it shows."""

    def __init__(self, desk: str, number: int) -> None:
        self._http = httpx.AsyncClient(base_url=desk, trust_env=False, timeout=5)
        self._number = number
        self._token = ""
        self.said: list[str] = []
        """Texts of which the page has a receipt."""

    async def writes(
        self, words: Callable[[int], str], every_s: float, dice: random.Random
    ) -> None:
        """Send messages and read answers until cancelled."""
        number = 0
        while True:
            await asyncio.sleep(dice.uniform(0, 2 * every_s))
            await self._surely(words(number), f"visitor-{self._number}-{number}")
            number += 1
            with suppress(httpx.HTTPError):
                await self.reads()

    async def _surely(self, text: str, client_id: str) -> None:
        while True:
            try:
                if not self._token:
                    page = await self._http.get("/chat/")
                    self._token = CSRF.findall(page.text)[0] if page.status_code == 200 else ""
                values = {"text": text, "client_id": client_id, "csrfmiddlewaretoken": self._token}
                answer = await self._http.post(
                    "/chat/send", data=values, headers={"X-Requested-With": "fetch"}
                )
                if answer.status_code == 200:
                    self.said.append(text)
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(PAUSE_S)

    async def reads(self) -> int:
        """Show what is new and say so; how much it was."""
        shown = NEW_BUBBLE.findall((await self._http.get("/chat/messages")).text)
        if shown:
            values = {"shown": ",".join(shown), "csrfmiddlewaretoken": self._token}
            await self._http.post("/chat/arrived", data=values)
        return len(shown)

    async def close(self) -> None:
        await self._http.aclose()
