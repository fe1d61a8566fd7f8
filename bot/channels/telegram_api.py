"""The connection to Telegram: python-telegram-bot's ``Bot``, made without touching the network."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx
from telegram import Bot, BotCommand
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.channels.faults import code_of
from bot.channels.speech import COMMANDS
from bot.channels.telegram_faults import judge
from bot.channels.telegram_http import Request
from bot.channels.telegram_journal import Journal
from wegweiser.texts import FALLBACK, TextsError, languages, texts

logger = logging.getLogger(__name__)

TELEGRAM_HOST = "api.telegram.org"
POLL_S = 25
CONNECTIONS = 32
LONGEST_PAUSE_S = 30.0
NOT_IN_MENU = ("start", "stop")

T = TypeVar("T")


@dataclass(frozen=True)
class Connection:
    """A bot with its two HTTP clients: one waits for updates, the other does everything else."""

    bot: Bot
    requests: tuple[Request, Request]
    is_telegram_itself: bool
    files: httpx.AsyncClient
    """Downloads what people sent."""

    async def close(self) -> None:
        for request in self.requests:
            await request.shutdown()


def connect(
    token: str, api_url: str, journal: Journal, *, read_timeout_s: float = 20.0
) -> Connection:
    """A Bot for a token; ``Bot.initialize`` is not called, since it asks the network who we are."""
    # Each of these would write the token or texts into the log.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    # We want updates raw: one that python-telegram-bot can't parse must not hold up the others.
    warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'")
    host = urlsplit(api_url).hostname or ""
    # A proxy from the environment is for the internet, not for a server on this machine.
    use_proxy = host not in ("127.0.0.1", "localhost", "::1") and bool(getproxies())
    updates = Request(connections=2, read_timeout_s=POLL_S + 10.0, trust_env=use_proxy)
    others = Request(
        connections=CONNECTIONS,
        read_timeout_s=read_timeout_s,
        trust_env=use_proxy,
        begins=journal.begins_what_is_sent,
    )
    base = api_url.rstrip("/")
    bot = Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        get_updates_request=updates,
        request=others,
    )
    # No redirect is followed: where a file is has the token in its address.
    files = httpx.AsyncClient(timeout=read_timeout_s, trust_env=use_proxy)
    return Connection(bot, (updates, others), host == TELEGRAM_HOST, files)


async def patiently(what: str, call: Callable[[], Awaitable[T]]) -> T:
    """Call Telegram until it answers, with growing pauses; the first failure is logged, once.

    Raises:
        BadRequest: it answered, and will never accept this.
    """
    pause, told = 0.5, False
    while True:
        try:
            result = await call()
        except BadRequest:
            raise
        except TelegramError as error:
            if not told:
                logger.error("telegram.%s waiting error=%s", what, judge(error).code)
                told = True
            asked = judge(error).everybody_waits.total_seconds()
            await asyncio.sleep(asked if isinstance(error, RetryAfter) else pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)
        else:
            if told:
                logger.warning("telegram.%s reached", what)
            return result


async def raw_updates(bot: Bot, offset: int, allowed: tuple[str, ...]) -> list[Any]:
    """Long polling; ``offset`` confirms everything before it."""
    found = await bot.do_api_request(
        "getUpdates",
        api_kwargs={"offset": offset, "timeout": POLL_S, "allowed_updates": list(allowed)},
        read_timeout=POLL_S + 10.0,
    )
    return found if isinstance(found, list) else []


async def set_menus(bot: Bot) -> None:
    """The commands with a few words each, in every language that has the words."""
    for language in languages():
        try:
            words = texts(language.code).buttons
        except TextsError as broken:
            logger.error("texts.broken language=%s %s", language.code, broken)
            continue
        commands = [
            BotCommand(name, words[f"command_{name}"][:256])
            for name in COMMANDS
            if name not in NOT_IN_MENU and words.get(f"command_{name}")
        ]
        if not commands:
            continue
        for code in ("", language.code) if language.code == FALLBACK else (language.code,):
            try:
                await patiently(
                    "menu", partial(bot.set_my_commands, commands, language_code=code or None)
                )
            except BadRequest as refused:  # not a language Telegram knows: it shows the default
                logger.warning("telegram.menu language=%s error=%s", code, code_of(refused))
