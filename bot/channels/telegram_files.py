"""Fetches the files that people want a counsellor to see, and stores them encrypted.

A wanted file is a row (``desk.mailbox.files``), so a crash at any line leaves it wanted, and each
try is counted before it begins, so that there is an end. Nothing here is part of a turn.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import httpx
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.channels.database import Database
from bot.channels.faults import code_of
from bot.channels.telegram_faults import judge
from desk.mailbox import files
from desk.mailbox.files import MAX_BYTES, NotTaken, WantedFile
from wegweiser.waiting import ended, woken

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
REST_S = 0.2
"""Before another look: every turn of anybody is a reason for one."""
AFTER_FAULT_S = 5.0
FETCH_TIMEOUT_S = 120.0
"""Shorter than the lease of a file."""
TOO_BIG = "too big"
NOT_NOW = "temporarily unavailable"
TRIES_OF_DOUBT = 4
GONE = frozenset([400, 403, 404, 410])
"""Telegram's file server says these for good; what it says otherwise is tried again."""


class TooBig(Exception):
    """More bytes than we take."""


class Gone(Exception):
    """The file is not there any more."""


class Files:
    """One file after the other: they are few, large and in no hurry."""

    def __init__(self, database: Database, bot: Bot, http: httpx.AsyncClient) -> None:
        self._database = database
        self._bot = bot
        self._http = http
        self._woken = asyncio.Event()
        self._stopping = False
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="telegram-files")

    def wake(self) -> None:
        """A file may be wanted; from the loop's own thread."""
        self._woken.set()

    async def stop(self) -> None:
        """What is being fetched stays wanted and is fetched again after its lease."""
        # Besides the cancelling, which Python 3.10 forgets when somebody wakes us at that moment.
        self._stopping = True
        if self._loop is not None:
            await ended(self._loop)
        await self._http.aclose()

    async def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                wanted = await self._database(files.claim_file)
                if wanted is not None:
                    await self._fetch(wanted)
                    continue
                await woken(self._woken, LOOK_EVERY_S)
                await asyncio.sleep(REST_S)
            except Exception as error:  # noqa: BLE001 - outermost edge: the lease gives it back
                logger.error("file.failed error=%s", code_of(error))
                await asyncio.sleep(AFTER_FAULT_S)

    async def _fetch(self, wanted: WantedFile) -> None:
        if wanted.is_poison:
            logger.error("file.given_up file=%s", wanted.id)
            await self._database(files.refuse_file, wanted, files.Problem.GONE)
            return
        try:
            content = await asyncio.wait_for(
                self._download(wanted.remote_id, wanted.attempt), FETCH_TIMEOUT_S
            )
            # In a thread of its own: the database's would hold up every turn meanwhile.
            checked = await asyncio.to_thread(files.check_file, content)
        except NotTaken as refused:
            await self._refuse(wanted, refused.problem)
        except TooBig:
            await self._refuse(wanted, files.Problem.TOO_BIG)
        except Gone:
            await self._refuse(wanted, files.Problem.GONE)
        except (TelegramError, httpx.HTTPError, asyncio.TimeoutError) as error:
            await self._later(wanted, error)
        else:
            await self._database(files.keep_file, wanted, checked)
            logger.info("file.kept file=%s kind=%s", wanted.id, checked.kind.value)

    async def _download(self, remote_id: str, attempt: int) -> bytes:
        """The bytes of a file; no more of them are read than are taken.

        Raises:
            TooBig, Gone: for good.
            TelegramError, httpx.HTTPError: not now.
        """
        try:
            found = await self._bot.get_file(remote_id)
        except BadRequest as refused:
            if TOO_BIG in refused.message.lower():
                raise TooBig from refused
            # One sentence for "wrong" and for "not now": so not for ever, and not at once.
            if NOT_NOW in refused.message.lower() and attempt < TRIES_OF_DOUBT:
                raise
            raise Gone from refused
        if (found.file_size or 0) > MAX_BYTES:
            raise TooBig
        if not found.file_path:
            raise Gone
        content = bytearray()
        async with self._http.stream("GET", found.file_path) as answer:
            if answer.status_code in GONE:
                raise Gone
            answer.raise_for_status()
            async for chunk in answer.aiter_bytes():
                content += chunk
                if len(content) > MAX_BYTES:
                    raise TooBig
        return bytes(content)

    async def _refuse(self, wanted: WantedFile, problem: files.Problem) -> None:
        logger.info("file.refused file=%s problem=%s", wanted.id, problem.value)
        await self._database(files.refuse_file, wanted, problem)

    async def _later(self, wanted: WantedFile, error: Exception) -> None:
        fault = judge(error) if isinstance(error, TelegramError) else None
        pause = fault.everybody_waits if fault else timedelta(0)
        again = await self._database(files.retry_file, wanted, after=pause)
        # Never the error itself: its text may have the address, and that has the token.
        code = fault.code if fault else code_of(error)
        logger.warning("file.%s file=%s error=%s", "later" if again else "lost", wanted.id, code)
