"""Telegram in: an update is a row before it is acknowledged, whichever way it came.

Here is long polling, and what both ways have in common; with a webhook another process stores the
updates and acknowledges them, and ``telegram_unread`` reads what it stored.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, Conflict

from bot.channels.database import Database
from bot.channels.faults import code_of, is_outage
from bot.channels.knocks import knocks
from bot.channels.polling_lease import PollingLease
from bot.channels.telegram_api import patiently, raw_updates, set_menus
from bot.channels.telegram_beside import Beside
from bot.channels.telegram_faults import judge
from bot.channels.telegram_unread import LOOK_EVERY_S, UnreadUpdates
from bot.channels.telegram_updates import (
    ALLOWED_UPDATES,
    Message,
    Update,
    change_of,
    parse,
    reduced,
    tell_text,
)
from bot.webhook.table import move_leftovers
from bot.webhook.update import NotAnUpdate, numbered
from desk import mailbox
from wegweiser.settings import settings
from wegweiser.waiting import ended

logger = logging.getLogger(__name__)

AFTER_FAULT_S = 1.0
AFTER_CONFLICT_S = 5.0
STORED_TOGETHER = 20
"""Updates in one transaction; turns wait for the database meanwhile."""


class Receiver:
    """Stores updates and does the little that can't wait for a turn."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        *,
        stored: Callable[[], None],
        back: Callable[[], None],
        expect: Callable[[str], None] = lambda _: None,
        is_busy: Callable[[], bool] = lambda: True,
        look_every_s: Callable[[], float] = lambda: LOOK_EVERY_S,
    ) -> None:
        self._database = database
        self._bot = bot
        self._expect = expect
        self._beside = Beside(bot, stored=stored, back=back)
        self._loop: asyncio.Task[None] | None = None
        self._lease: PollingLease | None = None
        self._unread = UnreadUpdates(
            database,
            expect=expect,
            is_busy=is_busy,
            beside=self._beside.of,
            pause_s=look_every_s,
        )
        self.state = "off"

    def start_polling(self, lease: PollingLease) -> None:
        """Poll while the lease is ours; other bots stand by meanwhile, and take over."""
        self._lease = lease
        polling = lease.run(self._poll, self._stand_by)
        self._loop = asyncio.create_task(polling, name="telegram-polling")

    def start_webhook(
        self, url: str, secret: str, lease: PollingLease, knocks_at: int | None = None
    ) -> None:
        """Read what the webhook's process stores while the lease is ours.

        ``knocks_at``: the port where that process says so; None where the database does.
        """
        self._lease = lease
        reading = lease.run(partial(self._read, url, secret, knocks_at), self._stand_by)
        self._loop = asyncio.create_task(reading, name="telegram-webhook")

    def wake(self) -> None:
        """The webhook's process stored updates."""
        self._unread.wake()

    async def stop(self) -> None:
        """What was received but not stored is not confirmed: Telegram brings it again."""
        if self._loop is not None:
            await ended(self._loop)
        await self._beside.stop()
        if self._lease is not None:
            await self._lease.release()
        self.state = "off"

    async def take(self, update: Update) -> None:
        """Store one update. Raises when the database is away; the update is then to come again."""
        if (change := change_of(update)) is not None:
            tell_text(update, self._expect)
            try:
                await self._database(change.func, *change.args)
            except Exception as error:
                bare = change_of(reduced(update))
                if is_outage(error) or bare is None:
                    raise
                # A fault of ours with this content: the person still gets an answer, and the
                # updates behind it are not held up.
                logger.error("update.reduced update=%s error=%s", update.update_id, code_of(error))
                await self._database(bare.func, *bare.args)
        self._beside.of(update)

    # --- polling ------------------------------------------------------------------------------

    def _stand_by(self) -> None:
        self.state = "standby"

    async def _poll(self) -> None:
        self.state = "connecting"
        # Updates that wait are kept: dropping them would lose what people wrote meanwhile.
        await patiently("polling", lambda: self._bot.delete_webhook(drop_pending_updates=False))
        self.state = "polling"
        self._beside.start(set_menus(self._bot))
        offset = 0
        batch: list[Any] = []
        while True:
            if not batch:
                await self._read_what_a_webhook_left()
            batch = await self._fetch(offset)
            for start in range(0, len(batch), STORED_TOGETHER):
                some = batch[start : start + STORED_TOGETHER]
                if len(some) > 1 and await self._store_together(some):
                    continue
                for raw in some:
                    await self._store_surely(raw)
            # Of this batch alone: after a week without updates Telegram numbers them anew, perhaps
            # lower. An offset far above it does not believe, and brings the same ones for ever.
            offset = max(map(_confirms, batch), default=0) or offset

    async def _read_what_a_webhook_left(self) -> None:
        """It was acknowledged, so Telegram brings it no more."""
        try:
            await asyncio.to_thread(move_leftovers, settings().database_url)
            await self._unread.read_all()
        except Exception as error:  # noqa: BLE001 - what was not read still waits
            logger.error("update.waits error=%s", code_of(error))

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
            self._beside.of(message)
        return True

    async def _store_surely(self, raw: object) -> None:
        """Store an update, waiting for the database if need be."""
        try:
            update = parse(raw)
        except NotAnUpdate as reason:
            logger.error("update.refused reason=%s", reason)
            return
        while True:
            try:
                await self.take(update)
            except Exception as error:  # noqa: BLE001 - outermost edge of receiving
                if not is_outage(error):
                    logger.error("update.lost update=%s error=%s", update.update_id, code_of(error))
                    return
                logger.error("update.waits update=%s error=%s", update.update_id, code_of(error))
                await asyncio.sleep(AFTER_FAULT_S)
            else:
                self._database.well(mailbox.receive_all)
                return

    # --- webhook ------------------------------------------------------------------------------

    async def _read(self, url: str, secret: str, knocks_at: int | None) -> None:
        announcing = asyncio.create_task(self._announce(url, secret), name="telegram-announce")
        try:
            async with nullcontext() if knocks_at is None else knocks(knocks_at, self.wake):
                await self._unread.read_for_ever()
        finally:
            announcing.cancel()

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


def _confirms(raw: object) -> int:
    """The offset that confirms an update; 0 for what is none."""
    try:
        return numbered(raw)[1] + 1
    except NotAnUpdate:
        return 0
