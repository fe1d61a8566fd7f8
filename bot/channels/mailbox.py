"""The channel of the mailbox: starts and stops the worker, and is knocked at by the desk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.action_server import bound_answers
from bot.channels.ahead import LookAhead
from bot.channels.backlog import Backlog
from bot.channels.database import Database
from bot.channels.faults import code_of, note_failed_actions
from bot.channels.hearing import Hearing
from bot.channels.lease import is_dead_here, is_dead_sibling
from bot.channels.telegram_journal import reader
from bot.channels.upkeep import Upkeep
from bot.channels.vectors import add_vectors
from bot.channels.worker import LOOK_EVERY_S, Worker
from bot.computed_once import compute_once
from bot.last_states import look_back_no_further
from bot.shared_slots import share_slots
from desk import mailbox
from desk.mailbox import Turn, listening
from desk.requests import tell_delays
from wegweiser.figures import figures
from wegweiser.texts import languages, texts

logger = logging.getLogger(__name__)

LOOK_FOR_DEAD_EVERY_S = 5.0
MAX_BODY = 1_000_000
"""Bytes of one request to this process."""

Hook = Callable[[], None]


class Runtime:
    """What runs beside Rasa in this process; other channels find it as ``app.ctx.mailbox``."""

    def __init__(
        self, hear: Callable[[UserMessage], Awaitable[Any]], is_ready: Callable[[], bool]
    ) -> None:
        self.is_ready = is_ready
        self.is_warm = False
        self.database = Database()
        self.backlog = Backlog(self.database)
        self.on_wake: list[Hook] = []
        self.on_knock: list[Hook] = []
        self.on_lease: list[Hook] = []
        self.on_update: list[Hook] = []
        self.undertaker: asyncio.Task[None] | None = None
        self.listener = listening.Listener(
            {
                listening.TURNS: lambda: self.worker.wake(),
                listening.SENDS: self._wake_others,
                listening.LEASES: lambda: _call(self.on_lease),
                listening.UPDATES: lambda: _call(self.on_update),
            }
        )
        self.while_slow: Callable[[Turn], Awaitable[None]] | None = None
        self.stop_first: list[Callable[[], Awaitable[None]]] = []
        self.stop_last: list[Callable[[], Awaitable[None]]] = []
        self.reports: dict[str, Callable[[], str]] = {}
        self.look_ahead = LookAhead()
        self.worker = Worker(
            self.database,
            Hearing(hear, look_ahead=self.look_ahead, while_slow=self._slow),
            is_ready=is_ready,
            after_turn=self._wake_others,
            look_every_s=lambda: self.listener.pause(LOOK_EVERY_S),
        )
        self.upkeep = Upkeep(self.database, tell_delays)

    async def start(self) -> None:
        try:
            freed = await self.database(mailbox.free_leases_of, is_dead_here, reader())
        except Exception as error:  # noqa: BLE001 - leases end by themselves; starting matters more
            logger.error("mailbox.leases_kept error=%s", code_of(error))
        else:
            logger.info("mailbox.started leases_freed=%s", freed)
        self.listener.start()
        if listening.is_shared():
            self.undertaker = asyncio.create_task(self._bury(), name="undertaker")
        self.worker.start()
        self.upkeep.start()
        self.backlog.start()

    async def _bury(self) -> None:
        """What another bot of this machine had in hand when it died is free before its lease ends.

        The bot itself does so when it starts again, which takes it much longer.
        """
        while True:
            await asyncio.sleep(LOOK_FOR_DEAD_EVERY_S)
            try:
                if await self.database(mailbox.free_leases_of, is_dead_sibling, reader()):
                    self.wake()
            except Exception as error:  # noqa: BLE001 - outermost edge: it looks again
                logger.warning("mailbox.leases_kept error=%s", code_of(error))

    def wake(self) -> None:
        """There is a new row."""
        self.worker.wake()
        self._wake_others()

    def expect(self, text: str) -> None:
        """A message is about to be stored. In a flood its turn is far away: then wait for it."""
        if self.worker.is_idle:
            self.look_ahead.soon(text)

    def knock(self) -> None:
        """The desk is at the door: a new row, or a counsellor is typing."""
        self.wake()
        for hook in self.on_knock:
            hook()

    def _wake_others(self) -> None:
        _call(self.on_wake)

    async def _slow(self, turn: Turn) -> None:
        if self.while_slow is not None:
            await self.while_slow(turn)

    async def stop(self) -> None:
        """Receive nothing more, finish the turns in hand, finish what is being sent."""
        if self.undertaker is not None:
            self.undertaker.cancel()
        for stop in self.stop_first:
            await stop()
        await self.upkeep.stop()
        await self.backlog.stop()
        await self.worker.stop()
        for stop in self.stop_last:
            await stop()
        await self.listener.stop()
        await self._hand_over()
        self.look_ahead.close()
        await asyncio.get_running_loop().run_in_executor(None, self.database.close)

    async def _hand_over(self) -> None:
        """The conversations that were in our hands are free: whoever runs on goes on with them."""
        try:
            await self.database(mailbox.tell, listening.TURNS, listening.SENDS)
        except Exception as error:  # noqa: BLE001 - they look by themselves, too
            logger.warning("mailbox.not_told error=%s", code_of(error))


def _call(hooks: list[Hook]) -> None:
    for hook in hooks:
        hook()


class Mailbox(InputChannel):
    """Named in ``credentials.yml``; its routes lie under ``/webhooks/mailbox``."""

    @classmethod
    def name(cls) -> str:
        return "mailbox"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("mailbox")
        compute_once()
        share_slots()
        look_back_no_further()
        bound_answers()
        add_vectors(routes)

        @routes.listener("before_server_start")
        async def bound(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            app.config.REQUEST_MAX_SIZE = MAX_BODY

        @routes.listener("after_server_start")
        async def start(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            note_failed_actions()
            app.ctx.mailbox = Runtime(on_new_message, lambda: _can_answer(app))
            app.ctx.warming = asyncio.create_task(_warm_up(app))
            await app.ctx.mailbox.start()

        @routes.listener("before_server_stop")
        async def stop(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            runtime = getattr(app.ctx, "mailbox", None)
            if runtime is not None:
                app.ctx.warming.cancel()
                await runtime.stop()

        @routes.post("/wake")
        async def wake(request: Request) -> HTTPResponse:
            """The desk has stored something. Harmless from anybody: it makes us look, no more."""
            request.app.ctx.mailbox.knock()
            return json({"ok": True})

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            runtime: Runtime = request.app.ctx.mailbox
            found: dict[str, Any] = {name: report() for name, report in runtime.reports.items()}
            try:
                found["backlog"] = await runtime.database(mailbox.backlog)
                found["backlog"]["sending"] = await runtime.database(mailbox.sending)
            except Exception as error:  # noqa: BLE001 - reported, that is what health is for
                found["database"] = code_of(error)
            faults = runtime.database.faults()
            if faults and "database" not in found:
                found["database"] = "; ".join(f"{name}: {why}" for name, why in faults.items())
            ready = runtime.is_ready() and "database" not in found
            return json({"ready": ready, **found}, status=200 if ready else 503)

        return routes


def _can_answer(app: Sanic) -> bool:
    """Whether Rasa has a model: without one it drops messages in silence, so none is taken."""
    agent = getattr(app.ctx, "agent", None)
    return bool(agent is not None and agent.is_ready() and app.ctx.mailbox.is_warm)


async def _warm_up(app: Sanic) -> None:
    """Parse and fill one text in each language, so that no person waits for a first time."""
    # Rasa tells nobody when its model is loaded.
    while not (agent := getattr(app.ctx, "agent", None)) or not agent.is_ready():  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    try:
        await agent.parse_message("Hello")
        app.ctx.mailbox.look_ahead.is_on = True
        await asyncio.to_thread(_read_content)
    except Exception as error:  # noqa: BLE001 - the first person waits a little; that is all
        logger.warning("mailbox.cold error=%s", code_of(error))
    app.ctx.mailbox.is_warm = True
    app.ctx.mailbox.wake()


def _read_content() -> None:
    for language in languages():
        texts(language.code)
        figures(language.code)
