"""The channels in a real Sanic process, with an echo for Rasa: something that can be killed.

``python -m tests.bot.channels.echo_process PORT``; settings come from the environment.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import tests.bot.channels.without_learning  # noqa: F401 - before Rasa is imported

# isort: split
from rasa.core.channels.channel import register
from sanic import Sanic

from bot.channels.mailbox import Mailbox
from bot.channels.telegram import Telegram

THINKS_S = 0.02


class Agent:
    def is_ready(self) -> bool:
        return True

    async def handle_message(self, message: Any) -> None:
        await asyncio.sleep(THINKS_S)
        await message.output_channel.send_response(
            message.sender_id, {"text": f"echo {message.text}"}
        )


def main(port: int) -> None:
    app = Sanic("echo", configure_logging=False)
    app.ctx.agent = Agent()
    register([Mailbox(), Telegram()], app, "/webhooks/")
    app.run(host="127.0.0.1", port=port, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
