"""The channel of Telegram: starts receiving and sending."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic

from bot.channels.mailbox import Runtime
from bot.channels.polling_lease import PollingLease
from bot.channels.telegram_api import connect
from bot.channels.telegram_files import Files
from bot.channels.telegram_journal import Journal
from bot.channels.telegram_pace import PER_SECOND, Pace
from bot.channels.telegram_receive import Receiver
from bot.channels.telegram_send import LOOK_EVERY_S, Sender
from bot.channels.telegram_typing import CounsellorTyping, Typing
from bot.channels.telegram_unread import LOOK_EVERY_S as LOOK_FOR_UPDATES_EVERY_S
from wegweiser.settings import settings

logger = logging.getLogger(__name__)


class Telegram(InputChannel):
    """Named in ``credentials.yml`` after the mailbox, whose worker it feeds."""

    @classmethod
    def name(cls) -> str:
        return "telegram"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("telegram")

        @routes.listener("after_server_start")
        async def start(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            app.ctx.telegram = None
            if not settings().telegram_enabled:
                logger.info("telegram.off no token")
                app.ctx.mailbox.reports["telegram"] = lambda: "off"
                return
            app.ctx.telegram = start_telegram(app.ctx.mailbox)

        return routes


def start_telegram(runtime: Runtime) -> Receiver:
    """Begin to send and receive; does not wait for the network."""
    own = settings()
    journal = Journal()
    connection = connect(own.telegram_bot_token, own.telegram_api_url, journal)
    # Another Bot API server knows its own limits and says 429 when they are reached.
    pace = Pace(PER_SECOND if connection.is_telegram_itself else None)
    sender = Sender(
        runtime.database,
        connection,
        pace,
        journal,
        look_every_s=lambda: runtime.listener.pause(LOOK_EVERY_S),
    )
    receiver = Receiver(
        runtime.database,
        connection.bot,
        expect=runtime.expect,
        is_busy=lambda: not runtime.worker.is_idle,
        stored=runtime.worker.wake,
        back=sender.wake,
        look_every_s=lambda: runtime.listener.pause(LOOK_FOR_UPDATES_EVERY_S),
    )
    files = Files(runtime.database, connection.bot, connection.files)
    runtime.on_wake += [sender.wake, files.wake]
    runtime.while_slow = Typing(connection.bot)
    typing = CounsellorTyping(runtime.database, connection.bot)
    runtime.on_knock.append(typing.look)
    runtime.stop_first += [receiver.stop, typing.stop]
    runtime.stop_last += [files.stop, sender.stop, connection.close, sender.close_journal]
    runtime.reports["telegram"] = lambda: receiver.state
    sender.start()
    files.start()
    lease = PollingLease(runtime.database)
    runtime.on_lease.append(lease.wake)
    runtime.on_update.append(receiver.wake)
    if own.telegram_webhook_url:
        port = own.assistant_port if "sqlite" in own.database_url else None
        receiver.start_webhook(own.telegram_webhook_url, own.telegram_webhook_secret, lease, port)
    else:
        receiver.start_polling(lease)
    return receiver
