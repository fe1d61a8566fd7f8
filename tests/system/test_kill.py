"""``kill -9`` of the real bot with fifty messages in flight: all answered, in order, none twice."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.system.running import Wegweiser
from tests.system.talk import keys_of
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

PEOPLE, EACH = 10, 5
WORDS = ("/help", "/language", "/status", "/stop", "/delete")
"""Five messages whose answers are known, so that their order can be seen."""
ANSWERS = (
    "utter_help",
    "utter_choose_language",
    "utter_request_none",
    "utter_stopped",
    "utter_erase_ask",
)


def answered(person: Person) -> list[str]:
    """Which of the answers were said, in order; one in two messages counts once."""
    said = [keys_of(one.text, "en") & set(ANSWERS) for one in person.heard]
    return [key for key, _ in groupby(next(iter(one)) for one in said if one)]


async def test_fifty_in_flight_are_answered_once_and_in_order(
    wegweiser: Wegweiser, telegram: TelegramServer
) -> None:
    people = [telegram.person(830_000 + number, language="en") for number in range(PEOPLE)]
    before = len(telegram.sent)
    for words in WORDS:
        for person in people:
            await person.says(words)
    await telegram.until(lambda: len(telegram.sent) - before >= 10, 60)
    wegweiser.kill("bot")
    wegweiser.start("bot")
    await wegweiser.ready()

    await telegram.until(lambda: all(len(answered(one)) >= EACH for one in people), 60)
    for person in people:
        assert answered(person) == list(ANSWERS)
        assert len(set(person.texts)) == len(person.texts), "something was said twice"
