"""Telegram in, with a webhook: reads what the webhook's process stored (``bot.webhook``).

Only the bot that holds the lease reads, in the order of the updates. What an update means is
written in the transaction that removes it, so a kill at any line loses and doubles nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Sequence

from bot.channels.database import Database
from bot.channels.faults import code_of, is_outage
from bot.channels.telegram_order import Order
from bot.channels.telegram_updates import Update, change_of, parse, reduced, tell_text
from bot.webhook.update import NotAnUpdate
from desk import mailbox
from desk.mailbox import Unread
from wegweiser.waiting import woken

logger = logging.getLogger(__name__)

AFTER_FAULT_S = 1.0
LOOK_EVERY_S = 1.0
"""For who hears of new rows from nobody; a notice makes it look at once."""
READ_TOGETHER = 10
"""Updates in one transaction; turns, and on SQLite the webhook's process, wait for it meanwhile."""

REST_S = 0.02
"""Between two looks that found something, while turns are in hand: in a flood many are read
together."""


class UnreadUpdates:
    """Reads until it is stopped.

    Args:
        expect: is told of a text that is about to be stored.
        is_busy: whether turns are in hand.
        beside: is told of each update once it is stored, and does what needs no row.
        pause_s: how long to wait for a notice before looking all the same.
    """

    def __init__(
        self,
        database: Database,
        *,
        beside: Callable[[Update], None],
        expect: Callable[[str], None] = lambda _: None,
        is_busy: Callable[[], bool] = lambda: True,
        pause_s: Callable[[], float] = lambda: LOOK_EVERY_S,
    ) -> None:
        self._database = database
        self._beside = beside
        self._expect = expect
        self._is_busy = is_busy
        self._pause_s = pause_s
        self._told = asyncio.Event()
        self._without_key: set[int] = set()
        self._order = Order()
        self._held_s = 0.0

    def wake(self) -> None:
        """There may be new ones."""
        self._told.set()

    async def read_for_ever(self) -> None:
        self._order = Order()  # another bot may have read meanwhile
        while True:
            self._told.clear()
            try:
                was_busy = self._is_busy()
                if await self.read_all(in_order=True) and was_busy:
                    await asyncio.sleep(REST_S)
            except Exception as error:  # noqa: BLE001 - outermost edge of receiving
                logger.error("update.waits error=%s", code_of(error))
                await asyncio.sleep(AFTER_FAULT_S)
                continue
            pause_s = self._pause_s()
            await woken(self._told, min(self._held_s or pause_s, pause_s))

    async def read_all(self, *, in_order: bool = False) -> int:
        """Read from the first to the last; how many could be read.

        ``in_order``: up to where a number is missing that is probably on its way, for a moment.

        Raises when the database is away: whatever is not yet read then still waits.
        """
        count, last, is_full = 0, -1, True
        while is_full:
            rows = await self._database(mailbox.unread_updates, last, READ_TOGETHER)
            news = [
                row
                for row in rows
                if row.body is not None or row.update_id not in self._without_key
            ]
            due, self._held_s = self._order.due(news) if in_order else (news, 0.0)
            readable = [row for row in due if row.body is not None]
            self._note_without_key(row for row in due if row.body is None)
            if readable:
                await self._read(readable)
                count += len(readable)
            self._order.were_read(due)
            # What comes meanwhile, perhaps with a lower number, comes with a notice.
            is_full = len(rows) == READ_TOGETHER and not self._held_s
            last = rows[-1].update_id if rows else last
        return count

    async def _read(self, rows: Sequence[Unread]) -> None:
        updates = [(row.update_id, _parsed(row)) for row in rows]
        try:
            await self._write(updates)
        except Exception as error:
            if is_outage(error):
                raise
            logger.warning("update.not_together error=%s", code_of(error))
            for one in updates:
                await self._read_surely(*one)

    async def _read_surely(self, update_id: int, update: Update | None) -> None:
        """One by itself. It may be our fault that it can't be stored: then as little of it as gets
        the person an answer, and those behind it are not held up."""
        bare = reduced(update)
        attempts = [update] if bare is None else [update, bare]
        for attempt in attempts:
            try:
                return await self._write([(update_id, attempt)])
            except Exception as error:
                if is_outage(error):
                    raise
                what = "lost" if attempt is attempts[-1] else "reduced"
                logger.error("update.%s update=%s error=%s", what, update_id, code_of(error))
        return await self._write([(update_id, None)])

    async def _write(self, updates: Sequence[tuple[int, Update | None]]) -> None:
        known = [update for _, update in updates if update is not None]
        changes = [change for update in known if (change := change_of(update)) is not None]
        ids = [update_id for update_id, _ in updates]
        for update in known:
            tell_text(update, self._expect)
        await self._database(mailbox.read_updates, ids, changes)
        for update in known:
            self._beside(update)

    def _note_without_key(self, rows: Iterable[Unread]) -> None:
        for row in rows:
            if row.update_id not in self._without_key:
                self._without_key.add(row.update_id)
                logger.error(
                    "update.unreadable update=%s: its key is not in FIELD_ENCRYPTION_KEYS; put it"
                    " back behind the others and restart, and it is read",
                    row.update_id,
                )


def _parsed(row: Unread) -> Update | None:
    """None for what is no update; the webhook's process lets none of that in."""
    try:
        return parse(json.loads(row.body or b""))
    except (NotAnUpdate, ValueError, RecursionError) as reason:
        logger.error("update.refused update=%s reason=%s", row.update_id, type(reason).__name__)
        return None
