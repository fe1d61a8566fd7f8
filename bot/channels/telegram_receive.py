"""Telegram in: an update is a row before it is acknowledged, whichever way it came."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import date
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, Conflict, TelegramError

from bot.answers import say
from bot.channels.database import Database
from bot.channels.faults import code_of, is_outage
from bot.channels.polling_lease import PollingLease
from bot.channels.telegram_api import patiently, raw_updates, set_menus
from bot.channels.telegram_faults import judge
from bot.channels.telegram_updates import (
    ALLOWED_UPDATES,
    CHANNEL,
    Group,
    Ignored,
    MemberChange,
    Message,
    NotAnUpdate,
    Update,
    parse,
)
from desk import mailbox
from desk.mailbox import Incoming

logger = logging.getLogger(__name__)

AFTER_FAULT_S = 1.0
AFTER_CONFLICT_S = 5.0
STORED_TOGETHER = 20
"""Updates in one transaction; turns wait for the database meanwhile."""


class Receiver:
    """Stores updates and does the little that can't wait for a turn."""

    def __init__(
        self, database: Database, bot: Bot, *, stored: Callable[[], None], back: Callable[[], None]
    ) -> None:
        self._database = database
        self._bot = bot
        self._stored = stored
        self._back = back
        self._declined: dict[int, date] = {}
        self._asides: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._lease: PollingLease | None = None
        self.state = "off"

    def start_polling(self, lease: PollingLease) -> None:
        """Poll while the lease is ours; other bots stand by meanwhile, and take over."""
        self._lease = lease
        polling = lease.run(self._poll, self._stand_by)
        self._loop = asyncio.create_task(polling, name="telegram-polling")

    def start_webhook(self, url: str, secret: str) -> None:
        self._loop = asyncio.create_task(self._announce(url, secret), name="telegram-webhook")

    async def stop(self) -> None:
        """What was received but not stored is not confirmed: Telegram brings it again."""
        tasks = [task for task in (self._loop, *self._asides) if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self._lease is not None:
            await self._lease.release()
        self.state = "off"

    async def take(self, update: Update) -> None:
        """Store one update. Raises when the database is away; the update is then to come again."""
        if isinstance(update, Message):
            if update.callback_id:
                self._aside(self._answer_callback(update.callback_id))
            received = await self._receive(update.incoming)
            if received.is_new or update.incoming.file is not None:
                self._stored()
        elif isinstance(update, MemberChange):
            change = mailbox.block if update.blocked else mailbox.unblock
            await self._database(change, CHANNEL, update.address)
            self._back()
        elif isinstance(update, Group):
            self._aside(self._decline(update))
        elif isinstance(update, Ignored):
            logger.info("update.ignored update=%s reason=%s", update.update_id, update.reason)

    async def _receive(self, incoming: Incoming) -> mailbox.Received:
        try:
            return await self._database(mailbox.receive, incoming)
        except Exception as error:
            if is_outage(error):
                raise
            # A fault of ours with this content: the person still gets an answer, and the
            # updates behind it are not held up.
            logger.error("update.reduced key=%s error=%s", incoming.key, code_of(error))
            bare = replace(
                incoming, text="", kind="unknown", button="", language_hint="", file=None
            )
            return await self._database(mailbox.receive, bare)

    # --- polling ------------------------------------------------------------------------------

    def _stand_by(self) -> None:
        self.state = "standby"

    async def _poll(self) -> None:
        self.state = "connecting"
        # Updates that wait are kept: dropping them would lose what people wrote meanwhile.
        await patiently("polling", lambda: self._bot.delete_webhook(drop_pending_updates=False))
        self.state = "polling"
        self._aside(set_menus(self._bot))
        offset = 0
        while True:
            batch = await self._fetch(offset)
            for start in range(0, len(batch), STORED_TOGETHER):
                some = batch[start : start + STORED_TOGETHER]
                if len(some) > 1 and await self._store_together(some):
                    offset = max(offset, *(int(raw["update_id"]) + 1 for raw in some))
                    continue
                for raw in some:
                    offset = max(offset, await self._store_surely(raw))

    async def _fetch(self, offset: int) -> list[Any]:
        try:
            return await patiently("polling", lambda: self._fetch_once(offset))
        except BadRequest as error:
            logger.error("telegram.polling error=%s", judge(error).code)
            await asyncio.sleep(AFTER_CONFLICT_S)
            return []

    async def _fetch_once(self, offset: int) -> list[Any]:
        try:
            return await raw_updates(self._bot, offset, ALLOWED_UPDATES)
        except Conflict:
            # A bot of another installation polls with our token, or a webhook was set since.
            # One of ours that just lost the lease without knowing it is cut off by Telegram.
            logger.error("telegram.polling error=409 another process receives")
            await asyncio.sleep(AFTER_CONFLICT_S)
            await self._bot.delete_webhook(drop_pending_updates=False)
            return []

    async def _store_together(self, batch: list[Any]) -> bool:
        """Many messages in one transaction, so that storing keeps up with a flood: whoever writes
        meanwhile stands behind it. False when it must be done one by one, which harms nothing."""
        try:
            updates = [parse(raw) for raw in batch]
        except NotAnUpdate:
            return False
        messages = [update for update in updates if isinstance(update, Message)]
        if len(messages) < len(updates):
            return False
        try:
            await self._database(mailbox.receive_all, [one.incoming for one in messages])
        except Exception as error:  # noqa: BLE001 - whatever it was, it is met again one by one
            logger.warning("update.not_together error=%s", code_of(error))
            return False
        for message in messages:
            if message.callback_id:
                self._aside(self._answer_callback(message.callback_id))
        self._stored()
        return True

    async def _store_surely(self, raw: object) -> int:
        """Store an update, waiting for the database if need be; the offset that confirms it."""
        try:
            update = parse(raw)
        except NotAnUpdate as reason:
            logger.error("update.refused reason=%s", reason)
            return 0
        while True:
            try:
                await self.take(update)
            except Exception as error:  # noqa: BLE001 - outermost edge of receiving
                if not is_outage(error):
                    logger.error("update.lost update=%s error=%s", update.update_id, code_of(error))
                    return update.update_id + 1
                logger.error("update.waits update=%s error=%s", update.update_id, code_of(error))
                await asyncio.sleep(AFTER_FAULT_S)
            else:
                self._database.well(mailbox.receive_all)
                return update.update_id + 1

    # --- webhook ------------------------------------------------------------------------------

    async def _announce(self, url: str, secret: str) -> None:
        self.state = "connecting"
        try:
            await patiently(
                "webhook",
                lambda: self._bot.set_webhook(
                    url,
                    secret_token=secret,
                    allowed_updates=list(ALLOWED_UPDATES),
                    drop_pending_updates=False,
                ),
            )
        except BadRequest as refused:
            logger.error(
                "telegram.webhook refused error=%s: check TELEGRAM_WEBHOOK_URL and _SECRET",
                judge(refused).code,
            )
            self.state = "refused"
            return
        self.state = "webhook"
        await set_menus(self._bot)

    # --- beside the rows ----------------------------------------------------------------------

    def _aside(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _answer_callback(self, callback_id: str) -> None:
        """Stop the waiting sign on the button; the answer itself comes as a message."""
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
        try:
            if is_first:
                answer = say("utter_private_only", group.language_hint)
                await self._bot.send_message(group.chat_id, answer["text"])
            await self._bot.leave_chat(group.chat_id)
        except TelegramError as error:
            logger.info("group.not_declined error=%s", judge(error).code)
