"""The channel of Telegram: starts receiving and sending, and holds the webhook."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.channels.faults import code_of
from bot.channels.mailbox import MAX_BODY, Runtime
from bot.channels.polling_lease import PollingLease
from bot.channels.telegram_api import connect
from bot.channels.telegram_files import Files
from bot.channels.telegram_journal import Journal
from bot.channels.telegram_pace import PER_SECOND, Pace
from bot.channels.telegram_receive import Receiver
from bot.channels.telegram_send import LOOK_EVERY_S, Sender
from bot.channels.telegram_typing import CounsellorTyping, Typing
from bot.channels.telegram_updates import NotAnUpdate, parse
from wegweiser.settings import settings

logger = logging.getLogger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"


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

        @routes.post("/webhook", stream=True)
        async def webhook(request: Request) -> HTTPResponse:
            receiver: Receiver | None = request.app.ctx.telegram
            secret = settings().telegram_webhook_secret
            if receiver is None or not secret:
                return text("no webhook is set up", status=404)
            given = request.headers.get(SECRET_HEADER, "")
            if not hmac.compare_digest(given.encode(), secret.encode()):
                return text("wrong secret token", status=401)
            try:
                update = parse(json.loads(await _body(request)))
            except TooLarge:
                return text("larger than an update can be", status=413)
            except NotAnUpdate as reason:
                return text(str(reason), status=400)
            except (ValueError, RecursionError):
                return text("not JSON", status=400)
            try:
                await receiver.take(update)
            except Exception as error:  # noqa: BLE001 - not stored, so not acknowledged: it comes again
                logger.error("update.waits update=%s error=%s", update.update_id, code_of(error))
                return text("not stored, please send it again", status=503)
            return text("stored")

        return routes


class TooLarge(Exception):
    """The body is larger than any update."""


async def _body(request: Request) -> bytes:
    """The body, read only as far as an update can reach."""
    found = bytearray()
    stream: Any = request.stream
    while (chunk := await stream.read()) is not None:
        found += chunk
        if len(found) > MAX_BODY:
            raise TooLarge
    return bytes(found)


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
        runtime.database, connection.bot, stored=runtime.worker.wake, back=sender.wake
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
    if own.telegram_webhook_url:
        receiver.start_webhook(own.telegram_webhook_url, own.telegram_webhook_secret)
    else:
        lease = PollingLease(runtime.database)
        runtime.on_lease.append(lease.wake)
        receiver.start_polling(lease)
    return receiver
