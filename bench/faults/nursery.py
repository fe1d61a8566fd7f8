"""Processes that can be killed by the hundred.

Importing Rasa takes longer than everything else of a start, so one parent imports everything once
and forks a process for each name that it reads (``bot``, ``actions``, ``desk``, ``webhook``); it
answers with the process number. All but the bot are the real ones. The bot is the real channels
(worker, sender, journal, tables) with an echo for Rasa's model; for every message it calls the
action server through Rasa's own client, as the real bot does.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import rasa.core.processor  # noqa: F401 - before the fork: the point of it
from rasa.core.channels.channel import register
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

import actions.serve
import bot.webhook.__main__
import desk.__main__
from bot.channels.mailbox import Mailbox
from bot.channels.telegram import Telegram
from wegweiser.settings import settings


class Agent:
    """Rasa's agent, as far as the channels see it."""

    def __init__(self) -> None:
        self._actions = EndpointConfig(f"http://127.0.0.1:{settings().actions_port}/webhook")

    def is_ready(self) -> bool:
        return True

    async def parse_message(self, _: str) -> None:
        return

    async def handle_message(self, message: Any) -> None:
        await self._actions.request(json=action_call(message.sender_id, message.text))
        await message.output_channel.send_response(
            message.sender_id, {"text": f"echo {message.text}"}
        )


def action_call(sender_id: str, text: str) -> dict[str, Any]:
    """What Rasa sends to the action server; this action writes to the database."""
    latest = {
        "text": text,
        "intent": {"name": "request_human", "confidence": 1.0},
        "entities": [],
        "metadata": {"message_id": "1", "language": "en", "channel": "telegram"},
    }
    tracker = {"sender_id": sender_id, "slots": {}, "latest_message": latest, "events": []}
    rest: dict[str, object] = {
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {
        "next_action": "action_request_human",
        "sender_id": sender_id,
        "version": "3.6.0",
        "domain": {},
        "tracker": tracker | rest,
    }


def serve_bot() -> None:
    """The echo, until it is killed."""
    app = Sanic("echo", configure_logging=False)
    app.ctx.agent = Agent()
    register([Mailbox(), Telegram()], app, "/webhooks/")
    app.run(host="127.0.0.1", port=settings().assistant_port, access_log=False, motd=False)


def serve_webhook() -> None:
    """What Telegram posts to, until it is killed."""
    bot.webhook.__main__.main()


SERVE: dict[str, Callable[[], None]] = {
    "bot": serve_bot,
    "actions": actions.serve.main,
    "desk": desk.__main__.main,
    "webhook": serve_webhook,
}


def main() -> None:
    """Fork a process for each line with a name; its number is the answer."""
    # Whoever is killed must be gone at once: a zombie would look alive to its successor.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    children = []
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            os.close(0)
            SERVE[line.strip()]()
            os._exit(0)
        children.append(child)
        print(child, flush=True)
    for child in children:  # the run is over, or was itself killed
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
