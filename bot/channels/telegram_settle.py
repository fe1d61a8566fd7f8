"""Writes down how a delivery ended, also when the database is away for an hour."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import ParamSpec, TypeVar

from bot.channels.database import Database
from bot.channels.faults import is_outage
from bot.channels.telegram_faults import Fault
from desk import mailbox
from desk.mailbox import Delivery, Outcome
from wegweiser.waiting import woken

logger = logging.getLogger(__name__)

AFTER_FAULT_S = 1.0
TRIES_AT_THE_END = 10
"""Once we are asked to stop: what is not written then is "unknown" when its lease has ended."""

P = ParamSpec("P")
T = TypeVar("T")

HOLDS = (Outcome.SENT, Outcome.UNKNOWN, Outcome.REFUSED)
"""After these the conversation's next row may follow at once."""


class Settling:
    """What became of a message is known here only; forgotten, it would be in doubt or lost."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._late = 0
        self._none_late = asyncio.Event()
        self._none_late.set()
        self._stopping = False

    def stop(self) -> None:
        """Give up after a few more tries."""
        self._stopping = True

    async def caught_up(self) -> None:
        """Return when nothing waits to be written any more, or after a moment: a row that somebody
        has locked stops nobody else."""
        if self._late:
            await woken(self._none_late, 2 * AFTER_FAULT_S)

    async def surely(
        self, delivery: Delivery, settle: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``settle`` of the mailbox's door, again as long as the database is away.

        Raises:
            Exception: its own, if it is no outage; the outage, if we stop meanwhile.
        """
        tries_left = TRIES_AT_THE_END
        is_late = False
        try:
            while True:
                try:
                    if is_late:  # what the try before took in hand, if it did, nobody heard of
                        await self._database(
                            mailbox.take_back, delivery.sender, but=delivery.message_id
                        )
                    return await self._database(settle, *args, **kwargs)
                except Exception as error:
                    tries_left -= self._stopping
                    if not is_outage(error) or tries_left <= 0:
                        raise
                if not is_late:
                    is_late = True
                    self._count(1)
                    logger.error("delivery.settle_later message=%s", delivery.message_id)
                await asyncio.sleep(AFTER_FAULT_S)
        finally:
            if is_late:
                self._count(-1)

    def _count(self, more: int) -> None:
        self._late += more
        if self._late:
            self._none_late.clear()
        else:
            self._none_late.set()


def settle_and_release(
    delivery: Delivery, fault: Fault, external_id: str, pause: timedelta
) -> None:
    """In the thread: how it ended, and the conversation is free for others."""
    mailbox.settle(
        delivery, fault.outcome, external_id=external_id, error=fault.code, retry_after=pause
    )
    if fault.outcome in HOLDS:
        mailbox.release_delivery(delivery.sender, delivery.conversation_id)
