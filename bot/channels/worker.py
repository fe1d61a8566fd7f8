"""The mailbox worker: takes waiting messages, lets Rasa answer, writes each turn whole.

One task claims, up to ``TURNS_AT_ONCE`` others answer, each a different conversation. A turn is
cut off before its lease ends, so that no two workers ever answer the same message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from bot.channels.database import Database
from bot.channels.faults import code_of, is_outage
from bot.channels.hearing import Hearing, Remembered, apology, remembered_of
from bot.channels.lease import process_name
from bot.channels.places import Places
from bot.channels.speech import hint
from desk import mailbox
from desk.mailbox import LostClaim, Turn
from desk.mailbox import turns as mailbox_turns
from wegweiser.waiting import woken

logger = logging.getLogger(__name__)

TURNS_AT_ONCE = 8
TURN_TIMEOUT_S = 12.0
"""Shorter than ``mailbox.TURN_LEASE``, with time left to write what happened."""
LOOK_EVERY_S = 0.5
"""How long a row waits at most when nobody called ``wake``."""
ALONE_FOR_S = 0.05
"""The first turn after a pause has the processor to itself: what came with it is looked for when
it has ended, or so much later. Looking meanwhile took as long again as a third of the turn."""
AFTER_FAULT_S = 1.0
WRITE_TRIES = 10

P = ParamSpec("P")
T = TypeVar("T")


class Worker:
    """Claims the messages of the mailbox, has them heard and writes what comes of it."""

    def __init__(
        self,
        database: Database,
        hearing: Hearing,
        *,
        is_ready: Callable[[], bool] = lambda: True,
        after_turn: Callable[[], None] = lambda: None,
        look_every_s: Callable[[], float] = lambda: LOOK_EVERY_S,
        turns_at_once: int = TURNS_AT_ONCE,
        timeout_s: float = TURN_TIMEOUT_S,
    ) -> None:
        self._database = database
        self._hearing = hearing
        self._is_ready = is_ready
        self._after_turn = after_turn
        self._look_every_s = look_every_s
        self._timeout_s = timeout_s
        self._free = asyncio.Semaphore(turns_at_once)
        self._woken = asyncio.Event()
        self._stopping = False
        self._suspect_in_hand = False
        self._places = Places()
        self._turns: set[asyncio.Task[None]] = set()
        self._claims = 0
        self._unheard: list[str] = []
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="mailbox-worker")

    def wake(self) -> None:
        """There is a new row; from the loop's own thread."""
        self._woken.set()

    @property
    def is_idle(self) -> bool:
        """Whether no turn is in hand."""
        return not self._turns

    async def stop(self) -> None:
        """Claim nothing more and finish the turns in hand."""
        self._stopping = True
        self._woken.set()
        if self._loop is not None:
            await self._loop
        if self._turns:
            await asyncio.wait(self._turns)
        if self._unheard:
            try:  # the next start would take for a crash what could not be written
                await self._database(self._give_back)
            except Exception as error:  # noqa: BLE001 - no worse than a crash
                logger.error("claim.not_given_back error=%s", code_of(error))

    async def _run(self) -> None:
        while not self._stopping:
            await self._free.acquire()
            claimed = await self._claim()
            if claimed is None:
                self._free.release()
                continue
            turn, remembered = claimed
            is_alone = not self._turns
            task = asyncio.create_task(
                self._finish(turn, remembered), name=f"turn-{turn.message_id}"
            )
            self._turns.add(task)
            task.add_done_callback(self._turns.discard)
            if is_alone:
                await woken(self._woken, ALONE_FOR_S)

    async def _claim(self) -> tuple[Turn, Remembered] | None:
        """The next turn with its memory; None after a pause without one, or when stopping."""
        self._woken.clear()
        if self._stopping:
            return None
        self._claims += 1
        name = f"{process_name()}:{self._claims}"
        try:
            if self._is_ready():
                has_one = self._places.has_one_for_busy()
                claimed = await self._database(self._claim_now, name, has_one)
                if claimed is not None:
                    self._places.begins(claimed[0])
                    return claimed
            await woken(self._woken, self._look_every_s())
        except Exception as error:  # noqa: BLE001 - outermost edge: the worker outlives any fault
            logger.error("claim.failed error=%s", code_of(error))
            self._unheard.append(name)
            await asyncio.sleep(AFTER_FAULT_S)
        return None

    def _claim_now(self, name: str, busy: bool) -> tuple[Turn, Remembered] | None:
        """In the thread; the memory on the same way, which is one less for each turn."""
        self._give_back()
        turn = mailbox.claim_turn(name, suspects=not self._suspect_in_hand, busy=busy)
        return None if turn is None else (turn, remembered_of(turn))

    def _give_back(self) -> None:
        """In the thread: claims that we did not hear of, and turns that could not be written."""
        while self._unheard:
            mailbox.undo_claim(self._unheard[0])
            self._unheard.pop(0)

    async def _finish(self, turn: Turn, remembered: Remembered) -> None:
        self._suspect_in_hand = self._suspect_in_hand or turn.is_suspect
        try:
            await self._turn(turn, remembered)
        except LostClaim:
            logger.warning("turn.lost_claim message=%s", turn.message_id)
        except Exception as error:  # noqa: BLE001 - outermost edge: the lease gives it to another
            logger.error("turn.unwritten message=%s error=%s", turn.message_id, code_of(error))
            if is_outage(error):
                # Left as it is it would count as a crash: a disk that was full for a minute would
                # have innocent messages set aside. Any other fault may be the message's own.
                self._unheard.append(turn.worker)
        finally:
            if turn.is_suspect:
                self._suspect_in_hand = False
            self._places.ends(turn)
            self._free.release()
            self._after_turn()  # who waits for an answer comes first
            self._woken.set()  # the conversation may have another message waiting

    async def _turn(self, turn: Turn, remembered: Remembered) -> None:
        if turn.is_poison:
            logger.error("turn.set_aside message=%s error=crashes", turn.message_id)
            await self._set_aside(turn)
            return
        try:
            done = await asyncio.wait_for(self._hearing.answer(turn, remembered), self._timeout_s)
        except Exception as error:  # noqa: BLE001 - whatever Rasa or an action raised
            await self._failed(turn, error)
            return
        await self._written(
            mailbox.commit_turn,
            turn,
            done.answers,
            snapshot=done.memory.snapshot if done.memory.slots is not None else None,
            learned=done.learned,
            counted=frozenset(done.memory.counted),
        )

    async def _written(self, write: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Write how a turn ended, also when the database is away for a moment.

        Harmless when the try before was written after all: the lease went with it, and the mailbox
        writes only for the worker that holds the conversation.
        """
        for _ in range(WRITE_TRIES):
            try:
                return await self._database(write, *args, **kwargs)
            except Exception as error:
                if not is_outage(error):
                    raise
                await asyncio.sleep(AFTER_FAULT_S)
        return await self._database(write, *args, **kwargs)

    async def _failed(self, turn: Turn, error: Exception) -> None:
        code = code_of(error)
        last = await self._written(mailbox.fail_turn, turn, code, not_its_fault=is_outage(error))
        logger.warning(
            "turn.failed message=%s attempt=%s error=%s", turn.message_id, turn.attempt, code
        )
        if last:
            logger.error("turn.set_aside message=%s error=%s", turn.message_id, code)
            await self._set_aside(turn)
            return
        rests = mailbox_turns.RETRY_TURN_AFTER[-1].total_seconds()
        asyncio.get_running_loop().call_later(rests + 0.01, self.wake)

    async def _set_aside(self, turn: Turn) -> None:
        await self._written(mailbox.set_aside, turn, apology(hint(turn)))
