"""What is done beside the rows: few calls at a time, and none that is of no use any more."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.channels import telegram_beside
from bot.channels.telegram_beside import CALLS_AT_ONCE, Beside
from bot.channels.telegram_updates import parse

PRESSES = 40


class SlowBot:
    """Answers nothing until it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.asked: list[str] = []

    async def answer_callback_query(self, callback_id: str) -> None:
        self.asked.append(callback_id)
        await self.may_answer.wait()


def press(number: int) -> Any:
    person = {"id": 501, "is_bot": False, "first_name": "Amina", "language_code": "en"}
    chat = {"id": 501, "type": "private"}
    return parse(
        {
            "update_id": number,
            "callback_query": {
                "id": f"cb{number}",
                "from": person,
                "data": "token:0",
                "message": {"message_id": 1, "chat": chat, "date": 1, "text": "..."},
            },
        }
    )


async def all_of_it() -> None:
    """Let every task go as far as it can."""
    for _ in range(5 * PRESSES):
        await asyncio.sleep(0)


async def test_many_presses_leave_connections_to_the_sender() -> None:
    bot = SlowBot()
    beside = Beside(bot, stored=lambda: None, back=lambda: None)  # type: ignore[arg-type]
    for number in range(PRESSES):
        beside.of(press(number))
    await all_of_it()
    assert len(bot.asked) == CALLS_AT_ONCE
    bot.may_answer.set()
    await all_of_it()
    assert bot.asked == [f"cb{number}" for number in range(PRESSES)]
    await beside.stop()


async def test_a_press_that_telegram_has_forgotten_is_not_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bot = SlowBot()
    beside = Beside(bot, stored=lambda: None, back=lambda: None)  # type: ignore[arg-type]
    for number in range(PRESSES):
        beside.of(press(number))
    await all_of_it()
    monkeypatch.setattr(telegram_beside, "FORGOTTEN_AFTER_S", -1.0)
    bot.may_answer.set()
    await all_of_it()
    assert len(bot.asked) == CALLS_AT_ONCE
    await beside.stop()
