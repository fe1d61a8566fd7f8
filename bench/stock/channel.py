"""Rasa's own Telegram channel, unchanged but for the address of the Bot API, which it can't set."""

from __future__ import annotations

import os

from aiogram.bot.api import TelegramAPIServer
from rasa.core.channels.telegram import TelegramInput, TelegramOutput


class LocalTelegramOutput(TelegramOutput):
    """Talks to the Bot API server of the bench."""

    def __init__(self, access_token: str | None) -> None:
        super().__init__(access_token)
        self.server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])


class LocalTelegram(TelegramInput):
    """``TelegramInput`` with that output; the webhook is set by the bench."""

    def get_output_channel(self) -> TelegramOutput:
        return LocalTelegramOutput(self.access_token)
