"""One run: people write, processes die at random moments, and at the end everything is counted."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import httpx

from bench.faults.house import House, until_healthy
from bench.faults.ledger import MOVING, Arrived, Count, Row, count
from bench.faults.people import Visitor, writes_on_telegram
from tests.telegram_faults import drop, hang_up, status, too_many
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer

TELEGRAM_PEOPLE = 20
VISITORS = 5
EVERY_S = 2.5
"""How often each person writes, on average."""
KILLED_WHILE_STARTING = 0.15
SETTLE_WITHIN_S = 180.0
FAULTS = {
    "429": lambda: too_many(1),
    "500": lambda: status(500),
    "502": lambda: status(502, "Bad Gateway"),
    "502 after": lambda: status(502, "Bad Gateway"),
    "hung up before": drop,
    "hung up after": hang_up,
}
"""What Telegram does meanwhile, once in every few kills."""


@dataclass(frozen=True)
class Plan:
    """How much and how long."""

    kills: int
    seed: int
    most_s: float
    lives_s: dict[str, float]
    """How long a process is left alone once it is healthy, on average."""
    words: Callable[[int], str] = str


@dataclass
class Result:
    count: Count
    seed: int
    seconds: float = 0.0
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)


class Run:
    """The people, the killer, and the books."""

    def __init__(self, plan: Plan, house: House, telegram: TelegramServer) -> None:
        self._plan = plan
        self._house = house
        self._telegram = telegram
        self._dice = random.Random(plan.seed)
        self._kills: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._said: dict[str, list[str]] = {}

    async def run(self) -> Result:
        """From the first start to the last message; the processes are stopped at the end."""
        began = time.monotonic()
        await self._house.open()
        try:
            await asyncio.gather(*(until_healthy(self._house, name) for name in self._house.names))
            visitors = await self._under_load()
            await self._settle(visitors)
            await asyncio.gather(*(visitor.close() for visitor in visitors))
        finally:
            await self._house.close()
        counted = await asyncio.to_thread(self._count)
        seconds = time.monotonic() - began
        return Result(counted, self._plan.seed, seconds, self._kills, self._faults)

    async def _under_load(self) -> list[Visitor]:
        visitors = [
            Visitor(self._house.wegweiser.desk, number) for number in range(1, VISITORS + 1)
        ]
        writing = [
            asyncio.create_task(
                writes_on_telegram(self._person(number), self._plan.words, EVERY_S, self._dice)
            )
            for number in range(1, TELEGRAM_PEOPLE + 1)
        ] + [
            asyncio.create_task(visitor.writes(self._plan.words, EVERY_S, self._dice))
            for visitor in visitors
        ]
        killing = [
            asyncio.create_task(self._kill_again_and_again(name)) for name in self._house.names
        ]
        await asyncio.wait(killing, timeout=self._plan.most_s)
        for task in (*writing, *killing):
            task.cancel()
        for ended in await asyncio.gather(*writing, *killing, return_exceptions=True):
            if isinstance(ended, Exception):  # the figures of a run that broke mean nothing
                raise ended
        for number, visitor in enumerate(visitors, 1):
            ids = [f"visitor-{number}-{one}" for one in range(len(visitor.said))]
            self._said[f"visitor-{number}"] = ids
        return visitors

    def _person(self, number: int) -> Person:
        person = Noted(self._telegram, 700_000 + number, language="en")
        person.keys = self._said.setdefault(str(person.chat_id), [])
        return person

    async def _kill_again_and_again(self, name: str) -> None:
        while True:
            if self._dice.random() < KILLED_WHILE_STARTING:
                await asyncio.sleep(self._dice.random())
            else:
                await until_healthy(self._house, name)
                await asyncio.sleep(self._dice.uniform(0, 2 * self._plan.lives_s[name]))
            if sum(self._kills.values()) >= self._plan.kills:
                return
            self._kills[name] += 1
            if name == "bot" and self._dice.random() < 0.3:
                self._misbehave()
            await self._house.kill(name)
            await self._house.start(name)

    def _misbehave(self) -> None:
        fault = self._dice.choice(sorted(FAULTS))
        moment = "after sendMessage" if fault.endswith(" after") else "sendMessage"
        self._telegram.faults[moment].append(FAULTS[fault]())
        self._faults[fault] += 1

    async def _settle(self, visitors: list[Visitor]) -> None:
        """Nobody is killed any more; wait until all is answered and read.

        What still moves when time is up is counted as lost.
        """
        for name in self._house.names:
            await until_healthy(self._house, name)
        deadline = time.monotonic() + SETTLE_WITHIN_S
        while time.monotonic() < deadline:
            shown = 1
            with suppress(httpx.HTTPError):
                shown = sum([await visitor.reads() for visitor in visitors])
            states = await asyncio.to_thread(_moving)
            heard = await asyncio.to_thread(_heard)
            if not (shown or states) and heard >= sum(map(len, self._said.values())):
                return
            await asyncio.sleep(0.3)

    def _count(self) -> Count:
        arrived = {
            person: [
                Arrived(str(one.message_id), one.text)
                for one in self._telegram.sent
                if str(one.chat_id) == person
            ]
            for person in self._said
            if not person.startswith("visitor")
        }
        return count(self._said, _rows(), arrived)


class Noted(Person):
    """A person whose messages are noted by the key under which they will be stored."""

    keys: list[str]

    async def says(self, text: str, **more: object) -> int:
        update_id = await super().says(text, **more)
        self.keys.append(f"tg:{update_id}")
        return update_id


def _moving() -> int:
    from django.db import connection

    from desk.models import Message

    try:
        return Message.objects.filter(state__in=MOVING).count()
    finally:
        connection.close()


def _heard() -> int:
    from django.db import connection

    from desk.models import Message

    try:
        return Message.objects.filter(direction="in").count()
    finally:
        connection.close()


def _rows() -> list[Row]:
    from desk.models import Message

    found = list(Message.objects.select_related("conversation").order_by("id"))
    names = {row.conversation_id: row.conversation.address for row in found}
    for row in found:
        if row.direction == "in" and row.key.startswith("web:"):
            names[row.conversation_id] = row.key.rpartition(":")[2].rpartition("-")[0]
    return [
        Row(
            id=row.pk,
            person=names[row.conversation_id],
            is_answer=row.direction == "out",
            key=row.key.rpartition(":")[2] if row.key.startswith("web:") else row.key,
            text=row.text,
            state=row.state,
            answers_to=row.answers_to_id,
            external_id=row.external_id,
            error=row.error,
        )
        for row in found
    ]


def light(kills: int, seed: int, most_s: float) -> Plan:
    """Echo instead of Rasa: processes that run again within a second."""
    return Plan(kills, seed, most_s, {"bot": 4.0, "actions": 6.0, "desk": 6.0, "webhook": 4.0})


WORDS = ("/help", "/language", "/status", "/stop", "/human")


def real(kills: int, seed: int, most_s: float) -> Plan:
    """With Rasa and its model."""
    lives = {"bot": 10.0, "actions": 20.0, "desk": 20.0, "webhook": 10.0}
    return Plan(kills, seed, most_s, lives, words=partial(_word, WORDS))


def _word(words: tuple[str, ...], number: int) -> str:
    return words[number % len(words)]
