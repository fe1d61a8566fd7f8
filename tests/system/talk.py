"""Talking to the running assistant over Telegram, and knowing which response was said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tests.system.running import Wegweiser
from tests.telegram_people import Person
from tests.telegram_server import Sent
from wegweiser.checks.texts import DIVIDER
from wegweiser.texts import PLACEHOLDER, texts

TURN_WITHIN_S = 20


@cache
def _patterns(language: str) -> list[tuple[str, re.Pattern[str]]]:
    found = []
    for key, variations in texts(language).responses.items():
        for variation in variations:
            for message in DIVIDER.split(variation["text"]):
                pieces = (re.escape(_plain(piece)) for piece in PLACEHOLDER.split(message)[::2])
                found.append((key, re.compile(r"\s*(?:.+)\s*".join(pieces), re.DOTALL)))
    return found


def _plain(text: str) -> str:
    return " ".join(text.replace("\u200f", "").split())


def keys_of(text: str, language: str) -> set[str]:
    """The responses that this text can be, in a language."""
    said = _plain(text)
    found = {key for key, pattern in _patterns(language) if pattern.fullmatch(said)}
    # A response of hardly more than placeholders fits nearly every text.
    return found - LOOSE or found


LOOSE = {"utter_why", "utter_steps"}


@dataclass
class Talk:
    """Somebody's conversation, a turn at a time."""

    wegweiser: Wegweiser
    person: Person

    async def says(self, text: str) -> list[Sent]:
        """Write, and wait until the whole turn has arrived."""
        return await self._turn(self.person.says(text))

    async def presses(self, title: str) -> list[Sent]:
        return await self._turn(self.person.presses(title))

    async def presses_data(self, data: str) -> list[Sent]:
        return await self._turn(self.person.presses_data(data))

    async def sends(self, kind: str) -> list[Sent]:
        return await self._turn(self.person.sends(kind))

    async def _turn(self, done: object) -> list[Sent]:
        before = len(self.person.heard)
        await done  # type: ignore[misc]
        await self.person.server.until(lambda: len(self.person.heard) > before, TURN_WITHIN_S)

        async def quiet() -> bool:
            waiting = await self.wegweiser.backlog()
            return not any(waiting.values())

        await self.person.server.until_async(quiet, TURN_WITHIN_S)
        return self.person.heard[before:]
