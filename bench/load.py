"""Load as Telegram brings it: updates posted to the webhook, up to forty at a time.

Forty connections are what Telegram opens at most unless it is told otherwise. Timed are a message's
acknowledgement, from the moment a connection is free for it, and the first answer to it at the Bot
API server. While all write at once, updates that need no answer go on coming, so that the time of
an acknowledgement is known as long as the bot is busy and not only at the beginning.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import aiohttp

from tests.telegram_server import TelegramServer

CONNECTIONS = 40
LOOK_EVERY_S = 0.002
PROBES_PER_SECOND = 20.0
PATIENCE_S = 120.0
SENTENCES = (
    ("en", "How much money can I get if I go back?"),
    ("de", "Wie lange dauert das alles?"),
    ("fr", "Est-ce que je peux changer d'avis ?"),
    ("ar", "من يرى ما أكتبه هنا؟"),
    ("en", "what is REAG/GARP"),
    ("de", "Ich komme aus Georgien und habe eine Duldung"),
)


@dataclass
class Measured:
    """Seconds, one entry a message."""

    acknowledged: list[float] = field(default_factory=list)
    probed: list[float] = field(default_factory=list)
    """Acknowledgements of what needs no answer, all the time until the last answer."""
    answered: list[float] = field(default_factory=list)
    posted_at: list[float] = field(default_factory=list)
    first_at: float = 0.0
    last_at: float = 0.0

    @property
    def per_second(self) -> float:
        """Messages answered in a second, from the first update to the last first answer."""
        return len(self.answered) / (self.last_at - self.first_at)


class Load:
    """Writes to one assistant. A chat writes again only after it was answered."""

    def __init__(self, telegram: TelegramServer, webhooks: list[str], secret: str = "") -> None:
        self._telegram = telegram
        self._webhooks = webhooks
        self._headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        self._waiting: dict[int, float] = {}
        self._seen = 0
        self._update = 5_000_000
        self._connections = asyncio.Semaphore(CONNECTIONS)
        self._measured = Measured()

    async def one_at_a_time(self, chats: Iterable[int]) -> Measured:
        """Each chat writes once the one before has been answered."""
        return await self._run(chats, pause_s=None, wait_for_each=True)

    async def at_once(self, chats: Iterable[int]) -> Measured:
        """All write in the same moment."""
        return await self._run(chats, pause_s=None, wait_for_each=False)

    async def at_once_and_probed(self, chats: Iterable[int]) -> Measured:
        """The same, with updates that need no answer in between: how quickly they are acknowledged.

        They are work, too: a run for itself, or messages a second would be fewer for them.
        """
        return await self._run(chats, pause_s=None, wait_for_each=False, probe=True)

    async def steadily(self, chats: Iterable[int], per_second: float) -> Measured:
        """So many a second, whether or not those before have been answered."""
        return await self._run(chats, pause_s=1 / per_second, wait_for_each=False)

    @property
    def unanswered(self) -> int:
        return len(self._waiting)

    async def _run(
        self,
        chats: Iterable[int],
        *,
        pause_s: float | None,
        wait_for_each: bool,
        probe: bool = False,
    ) -> Measured:
        self._measured = measured = Measured(first_at=time.monotonic())
        self._seen = len(self._telegram.sent)
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        watching = asyncio.create_task(self._watch())
        async with aiohttp.ClientSession(connector=connector, headers=self._headers) as http:
            probing = asyncio.create_task(self._probe(http)) if probe else None
            posting = set()
            for number, chat in enumerate(chats):
                if pause_s is not None:
                    due = measured.first_at + number * pause_s
                    await asyncio.sleep(max(due - time.monotonic(), 0))
                task = asyncio.create_task(self._post(http, chat))
                posting.add(task)
                task.add_done_callback(posting.discard)
                if wait_for_each:
                    await task
                    await self._all_answered()
            await asyncio.gather(*posting)
            await self._all_answered()
            if probing is not None:
                probing.cancel()
                await asyncio.wait([probing])
        watching.cancel()
        return measured

    async def _post(self, http: aiohttp.ClientSession, chat: int) -> None:
        language, text = SENTENCES[chat % len(SENTENCES)]
        self._update += 1
        person = self._telegram.person(chat, language=language)
        message = person.message(text=text) | {"message_id": self._update}
        update = {"update_id": self._update, "message": message}
        webhook = self._webhooks[self._update % len(self._webhooks)]
        self._waiting[chat] = time.monotonic()
        async with self._connections:
            self._measured.acknowledged.append(await _bring(http, webhook, update))

    async def _probe(self, http: aiohttp.ClientSession) -> None:
        while True:
            await asyncio.sleep(1 / PROBES_PER_SECOND)
            self._update += 1
            update = {"update_id": self._update, "poll": {"id": "1"}}
            async with self._connections:
                took = await _bring(http, self._webhooks[0], update)
            self._measured.probed.append(took)

    async def _watch(self) -> None:
        measured = self._measured
        while True:
            for sent in self._telegram.sent[self._seen :]:
                posted = self._waiting.pop(sent.chat_id, None)
                if posted is not None:
                    measured.answered.append(sent.at - posted)
                    measured.posted_at.append(posted)
                    measured.last_at = max(measured.last_at, sent.at)
            self._seen = len(self._telegram.sent)
            await asyncio.sleep(LOOK_EVERY_S)

    async def _all_answered(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self._waiting:
            assert time.monotonic() < deadline, f"{len(self._waiting)} chats were not answered"
            await asyncio.sleep(LOOK_EVERY_S)


async def _bring(http: aiohttp.ClientSession, webhook: str, update: dict[str, object]) -> float:
    """Seconds until it was acknowledged."""
    began = time.monotonic()
    async with http.post(webhook, json=update) as answer:
        assert answer.status == 200, answer.status
    return time.monotonic() - began
