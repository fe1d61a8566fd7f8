"""The sender: delivers waiting rows through python-telegram-bot, in order per conversation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import ParamSpec, TypeVar

from bot.channels.database import Database
from bot.channels.faults import code_of, is_outage
from bot.channels.lease import process_name
from bot.channels.telegram_api import Connection, patiently
from bot.channels.telegram_faults import Fault
from bot.channels.telegram_journal import Journal
from bot.channels.telegram_message import Post
from bot.channels.telegram_pace import Pace
from desk import mailbox
from desk.mailbox import Delivery, Outcome
from wegweiser.waiting import woken

logger = logging.getLogger(__name__)

SENDS_AT_ONCE = 8
ROWS_IN_A_ROW = 4
"""Rows of one conversation before others get their turn: about the answers to one message."""
LOOK_EVERY_S = 0.5
AFTER_FAULT_S = 1.0
SETTLE_TRIES = 30
SWEEP_EVERY_S = 30.0
CHANNEL = "telegram"

P = ParamSpec("P")
T = TypeVar("T")

HOLDS = (Outcome.SENT, Outcome.UNKNOWN, Outcome.REFUSED)
"""After these the conversation's next row may follow at once."""


class Sender:
    """Sends what waits for Telegram."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        pace: Pace,
        journal: Journal,
        *,
        look_every_s: Callable[[], float] = lambda: LOOK_EVERY_S,
        sends_at_once: int = SENDS_AT_ONCE,
    ) -> None:
        self._database = database
        self._post = Post(database, connection, journal)
        self._journal = journal
        self._pace = pace
        self._look_every_s = look_every_s
        self._bot = connection.bot
        self._silent = False
        self._free = asyncio.Semaphore(sends_at_once)
        self._woken = asyncio.Event()
        self._stop_asked = asyncio.Event()
        self._sends: set[asyncio.Task[None]] = set()
        self._claims = 0
        self._unheard: list[str] = []
        self._next_sweep = 0.0
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="telegram-sender")

    def wake(self) -> None:
        """There is something to send; from the loop's own thread."""
        self._woken.set()

    async def stop(self) -> None:
        """Claim nothing more and finish what is being sent."""
        self._stop_asked.set()
        self._woken.set()
        if self._loop is not None:
            # It may be resting because Telegram asked for it; nothing is claimed meanwhile.
            self._loop.cancel()
            await asyncio.wait([self._loop])
        if self._sends:
            await asyncio.wait(self._sends)

    async def close_journal(self) -> None:
        """After ``stop``: an orderly end leaves nothing in doubt."""
        self._journal.close()

    async def _run(self) -> None:
        while not self._stop_asked.is_set():
            await self._free.acquire()
            if self._silent:
                # Asked with something harmless, so that no message is spent to find out.
                await patiently("silent", self._bot.get_me)
                self._silent = False
            # Before the claim: a row that is "sending" while we wait could not be told from one
            # that was sent when the process dies.
            await self._pace.wait()
            delivery = await self._claim()
            if delivery is None:
                self._free.release()
                continue
            task = asyncio.create_task(self._conversation(delivery))
            self._sends.add(task)
            task.add_done_callback(self._sends.discard)

    async def _claim(self) -> Delivery | None:
        self._woken.clear()
        self._claims += 1
        name = f"{process_name()}:{self._claims}"
        # Shielded: a claim that has begun in its thread is made; it must not get lost here.
        claim = asyncio.ensure_future(self._database(self._claim_now, name))
        try:
            delivery = await asyncio.shield(claim)
            if delivery is not None:
                return delivery
            await self._sweep()
            await woken(self._woken, self._look_every_s())
        except mailbox.TooFast as limit:
            self._pace.rest(timedelta(seconds=limit.wait))
        except asyncio.CancelledError:
            await self._undo(claim)
            raise
        except Exception as error:  # noqa: BLE001 - outermost edge: the sender outlives any fault
            logger.error("delivery.claim_failed error=%s", code_of(error))
            self._unheard.append(name)
            await asyncio.sleep(AFTER_FAULT_S)
        return None

    def _claim_now(self, name: str) -> Delivery | None:
        """In the thread: first give back what may have been claimed while a connection broke."""
        while self._unheard:
            mailbox.take_back(self._unheard[-1])
            self._unheard.pop()
        return mailbox.claim_delivery(name, CHANNEL, per_second=self._pace.per_second)

    async def _sweep(self) -> None:
        """Now and then, when there is nothing to send: mark what another sender died over."""
        now = asyncio.get_running_loop().time()
        if now < self._next_sweep:
            return
        self._next_sweep = now + SWEEP_EVERY_S
        marked = await self._database(mailbox.mark_abandoned)
        if marked:
            logger.warning("delivery.in_doubt messages=%s", marked)

    async def _undo(self, claim: asyncio.Future[Delivery | None]) -> None:
        """We stop with a claim just made: nothing was sent, so the row waits as before."""
        try:
            delivery = await claim
        except mailbox.TooFast:
            return
        if delivery is not None:
            await self._surely(
                delivery,
                _settle_and_release,
                delivery,
                Fault(Outcome.RETRY, "stopping"),
                "",
                timedelta(0),
            )

    async def _conversation(self, first: Delivery) -> None:
        """Send a conversation's rows one after the other, as long as it may go on at once."""
        delivery: Delivery | None = first
        sent = 0
        try:
            while delivery is not None:
                sent += 1
                delivery = await self._one(delivery, may_go_on=sent < ROWS_IN_A_ROW)
        except Exception as error:  # noqa: BLE001 - outermost edge: after the lease it is "unknown"
            logger.error("delivery.unsettled error=%s", code_of(error))
        finally:
            self._free.release()
            self._woken.set()
            if len(self._sends) == 1:  # only this one, which is done
                self._journal.nothing_is_sent()

    async def _one(self, delivery: Delivery, *, may_go_on: bool) -> Delivery | None:
        """Send one row and settle it; the next row of the conversation if it may follow."""
        external_id, fault = await self._post.send(delivery)
        if fault.outcome is not Outcome.SENT:
            logger.warning(
                "delivery.%s message=%s attempt=%s error=%s",
                fault.outcome.value,
                delivery.message_id,
                delivery.attempt,
                fault.code,
            )
        self._tell_everybody(fault)
        may_go_on = (
            may_go_on
            and fault.outcome in HOLDS
            and not fault.silent
            and not self._stop_asked.is_set()
        )
        if may_go_on and self._pace.is_free():
            return await self._surely(
                delivery,
                mailbox.settle_and_go_on,
                delivery,
                fault.outcome,
                external_id=external_id,
                error=fault.code,
                per_second=self._pace.per_second,
            )
        pause = fault.everybody_waits or mailbox.pause_before_retry(delivery.attempt)
        if fault.everybody_waits:
            await self._surely(
                delivery, mailbox.rest, CHANNEL, fault.everybody_waits, self._pace.per_second
            )
        await self._surely(delivery, _settle_and_release, delivery, fault, external_id, pause)
        if fault.outcome is Outcome.RETRY:
            asyncio.get_running_loop().call_later(pause.total_seconds() + 0.01, self.wake)
        return None

    def _tell_everybody(self, fault: Fault) -> None:
        self._silent = self._silent or fault.silent
        if fault.everybody_waits:
            self._pace.rest(fault.everybody_waits)
        elif fault.unreachable:
            if self._pace.unreachable() == 1:
                logger.error("telegram.unreachable error=%s", fault.code)
        elif self._pace.reached():
            logger.warning("telegram.reached_again")

    async def _surely(
        self, delivery: Delivery, settle: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Write how it ended, also when the database is away for a while: else it is forgotten."""
        for number in range(SETTLE_TRIES):
            try:
                if number:  # what the try before took in hand, if it did, nobody heard of
                    await self._database(
                        mailbox.take_back, delivery.sender, but=delivery.message_id
                    )
                return await self._database(settle, *args, **kwargs)
            except Exception as error:
                if not is_outage(error):
                    raise
                logger.error("delivery.settle_later message=%s", delivery.message_id)
                await asyncio.sleep(AFTER_FAULT_S)
        return None


def _settle_and_release(
    delivery: Delivery, fault: Fault, external_id: str, pause: timedelta
) -> None:
    mailbox.settle(
        delivery, fault.outcome, external_id=external_id, error=fault.code, retry_after=pause
    )
    if fault.outcome in HOLDS:
        mailbox.release_delivery(delivery.sender, delivery.conversation_id)
