"""``python -m bot.webhook``: take Telegram's updates until Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import sys

import uvloop
from aiohttp import web

from bot.webhook.door import application
from bot.webhook.knock import Knock
from bot.webhook.table import open_table
from wegweiser.settings import SettingsError, settings

STOP_WITHIN_S = 5.0
HAND_OVER_S = 0.0005
"""How long one thread lets another wait for Python; else 5 ms."""


def main() -> int:
    """Serve; the exit status."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # The server's own log would quote what somebody sent.
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL + 1)
    try:
        own = settings()
    except SettingsError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    if not own.telegram_webhook_url:
        print("TELEGRAM_WEBHOOK_URL is not set in .env: the bot polls.", file=sys.stderr)
        return 1
    sys.setswitchinterval(HAND_OVER_S)
    # As in Sanic, which brings it: a fifth less time for an update.
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    is_alone = "sqlite" in own.database_url
    web.run_app(
        application(
            open_table(own.database_url),
            own.telegram_webhook_secret,
            Knock(own.assistant_port) if is_alone else None,
        ),
        host="127.0.0.1",
        port=own.webhook_port,
        access_log=None,  # network addresses are nobody's business
        print=lambda *_: None,
        shutdown_timeout=STOP_WITHIN_S,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
