"""What an update needs beside its row, once that is stored, and what needs no row at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.answers import say
from bot.channels.telegram_faults import judge
from bot.channels.telegram_updates import Group, Ignored, MemberChange, Message, Update

logger = logging.getLogger(__name__)

CALLS_AT_ONCE = 8
"""The connections are the sender's, too: with a slow Telegram it would get none."""
FORGOTTEN_AFTER_S = 10.0
"""After this Telegram itself shows the waiting sign no more."""


class Beside:
    """Tells those who wait for rows, and does the little that can't wait for a turn."""

    def __init__(self, bot: Bot, *, stored: Callable[[], None], back: Callable[[], None]) -> None:
        self._bot = bot
        self._stored = stored
        self._back = back
        self._few = asyncio.Semaphore(CALLS_AT_ONCE)
        self._declined: dict[int, date] = {}
        self._running: set[asyncio.Task[None]] = set()

    def of(self, update: Update) -> None:
        """Begin what this update needs; nobody waits for it."""
        if isinstance(update, Message):
            if update.callback_id:
                now = asyncio.get_running_loop().time()
                self.start(self._answer_callback(update.callback_id, now))
            self._stored()
        elif isinstance(update, MemberChange):
            self._back()
        elif isinstance(update, Group):
            self.start(self._decline(update))
        elif isinstance(update, Ignored):
            logger.info("update.ignored update=%s reason=%s", update.update_id, update.reason)

    def start(self, doing: Coroutine[Any, Any, None]) -> None:
        """Begin something that ends by itself, or with ``stop``."""
        task = asyncio.create_task(doing)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def stop(self) -> None:
        tasks = list(self._running)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _answer_callback(self, callback_id: str, pressed_at: float) -> None:
        """Stop the waiting sign on the button; the answer itself comes as a message."""
        async with self._few:
            if asyncio.get_running_loop().time() - pressed_at > FORGOTTEN_AFTER_S:
                return
            try:
                await self._bot.answer_callback_query(callback_id)
            except TelegramError as error:
                logger.info("callback.unanswered error=%s", judge(error).code)

    async def _decline(self, group: Group) -> None:
        """Say once a day that we speak in private only, and leave: we don't read along."""
        today = date.today()
        self._declined = {chat: day for chat, day in self._declined.items() if day == today}
        is_first = group.chat_id not in self._declined
        self._declined[group.chat_id] = today
        async with self._few:
            try:
                if is_first:
                    answer = say("utter_private_only", group.language_hint)
                    await self._bot.send_message(group.chat_id, answer["text"])
                await self._bot.leave_chat(group.chat_id)
            except TelegramError as error:
                logger.info("group.not_declined error=%s", judge(error).code)
