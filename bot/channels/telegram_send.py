"""The sender: delivers waiting rows through python-telegram-bot, in order per conversation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from bot.channels.database import Database
from bot.channels.faults import code_of
from bot.channels.lease import process_name
from bot.channels.telegram_api import Connection, patiently
from bot.channels.telegram_faults import Fault
from bot.channels.telegram_journal import Journal
from bot.channels.telegram_message import Post
from bot.channels.telegram_pace import Pace
from bot.channels.telegram_settle import HOLDS, Settling, settle_and_release
from desk import mailbox
from desk.mailbox import Delivery, Outcome
from wegweiser.waiting import woken

logger = logging.getLogger(__name__)

SENDS_AT_ONCE = 8
ROWS_IN_A_ROW = 4
"""Rows of one conversation before others get their turn: about the answers to one message."""
LOOK_EVERY_S = 0.5
AFTER_FAULT_S = 1.0
SWEEP_EVERY_S = 30.0
CHANNEL = "telegram"


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
        self._settling = Settling(database)
        self._post = Post(self._settling, connection)
        self._journal = journal
        self._pace = pace
        self._look_every_s = look_every_s
        self._bot = connection.bot
        self._silent = False
        self._probes = 0
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
        self._settling.stop()
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
            try:
                await self._next()
            except Exception as error:  # noqa: BLE001 - outermost edge: nobody else would send
                logger.error("delivery.sender_failed error=%s", code_of(error))
                await asyncio.sleep(AFTER_FAULT_S)

    async def _next(self) -> None:
        """Begin to send what waits longest, once there is room and Telegram listens."""
        await self._free.acquire()
        sending: asyncio.Task[None] | None = None
        try:
            if self._silent:
                await self._ask()
            # Before the claim: a row that is "sending" while we wait could not be told from one
            # that was sent when the process dies.
            await self._pace.wait()
            # What we know to be unsent and could not write yet would seem to be abandoned.
            await self._settling.caught_up()
            delivery = await self._claim()
            if delivery is None:
                return
            sending = asyncio.create_task(self._conversation(delivery))
            self._sends.add(sending)
            sending.add_done_callback(self._sends.discard)
        finally:
            if sending is None:
                self._free.release()
        if self._probes:
            # Where this is answered may not be where messages are taken: one of them finds out.
            await asyncio.wait([sending])
            self._probes = self._probes if self._silent else 0

    async def _ask(self) -> None:
        """Telegram said nothing: ask something harmless, so that no message is spent on it."""
        if self._probes:
            await asyncio.sleep(mailbox.pause_before_retry(self._probes).total_seconds())
        await patiently("silent", self._bot.get_me)
        self._silent = False
        self._probes += 1

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
            await self._settling.surely(
                delivery,
                settle_and_release,
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
            return await self._settling.surely(
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
            await self._settling.surely(
                delivery, mailbox.rest, CHANNEL, fault.everybody_waits, self._pace.per_second
            )
        await self._settling.surely(
            delivery, settle_and_release, delivery, fault, external_id, pause
        )
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
        elif not fault.silent and self._pace.reached():
            logger.warning("telegram.reached_again")
