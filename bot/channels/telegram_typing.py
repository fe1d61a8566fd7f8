"""Shows "typing": the assistant while a turn takes long, a counsellor while they write."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.database import Database
from bot.channels.faults import code_of
from bot.channels.telegram_faults import judge
from bot.webhook.update import CHANNEL
from desk import mailbox
from desk.mailbox import Turn
from wegweiser.waiting import ended

logger = logging.getLogger(__name__)

TYPING_AFTER_S = 0.7
TYPING_EVERY_S = 4.0
"""Telegram shows it for five seconds."""
MOST_AT_ONCE = 8


class Typing:
    """Shows "typing" while a turn takes long; most are over before it would be seen."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def __call__(self, turn: Turn) -> None:
        if turn.channel != CHANNEL or not turn.address:
            return
        await asyncio.sleep(TYPING_AFTER_S)
        while await show_typing(self._bot, turn.address):  # noqa: ASYNC110 - it is time we wait for
            await asyncio.sleep(TYPING_EVERY_S)


class CounsellorTyping:
    """Shows "typing" to the people a counsellor is writing to, when the desk has knocked.

    One look at a time, so that a busy desk's knocks cost one query and not one each.
    """

    def __init__(self, database: Database, bot: Bot) -> None:
        self._database = database
        self._bot = bot
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._shown: dict[str, float] = {}

    def look(self) -> None:
        """Somebody may be typing; from the loop's own thread."""
        if self._task is not None and not self._task.done():
            self._again = True
            return
        self._task = asyncio.create_task(self._run(), name="telegram-typing")

    async def stop(self) -> None:
        if self._task is not None:
            await ended(self._task)

    async def _run(self) -> None:
        self._again = True
        while self._again:
            self._again = False
            try:
                addresses = await self._database(mailbox.typing_to, CHANNEL)
            except Exception as error:  # noqa: BLE001 - a sign for some seconds; nothing is lost
                logger.debug("typing.unread error=%s", code_of(error))
                return
            due = self._due(addresses)
            await asyncio.gather(*(show_typing(self._bot, address) for address in due))

    def _due(self, addresses: list[str]) -> list[str]:
        """Those who have not been shown it just now: other knocks find the same people again."""
        now = asyncio.get_running_loop().time()
        self._shown = {
            address: at for address, at in self._shown.items() if now - at < TYPING_EVERY_S - 1
        }
        due = [address for address in addresses if address not in self._shown][:MOST_AT_ONCE]
        self._shown |= dict.fromkeys(due, now)
        return due


async def show_typing(bot: Bot, address: str) -> bool:
    """Show it for five seconds; False when Telegram did not take it."""
    try:
        await bot.send_chat_action(int(address), ChatAction.TYPING)
    except TelegramError as error:
        logger.debug("typing.unseen error=%s", judge(error).code)
        return False
    return True
