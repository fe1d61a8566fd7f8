"""python-telegram-bot's requests by aiohttp, which Rasa brings along.

The library's own, by httpx, took 5 ms of processor time for a message, a fifth of a turn; this, 1.
And it knows for certain whether a message had begun to go out, with a proxy, too: what has not can
be sent again, whatever went wrong.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import aiohttp
import httpx
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram_faults import Answered, CutOff, NotSent, Silent

CONNECT_S = 10.0
"""Until there is a connection: a free one, or a new one."""
KEPT_S = 5.0
"""An idle connection; Telegram keeps them longer, so it is never the one to hang up."""
FILE_S = 20.0
"""More time to read where a file goes out first."""
TOLD_APART = (400, 401, 403, 404, 409, 429)
"""The library has an exception of its own for each of these."""
FORM = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": BaseRequest.USER_AGENT}
FILES = {"User-Agent": BaseRequest.USER_AGENT}


class Begun:
    """Whether the body of one request has begun to go out."""

    def __init__(self, note: Callable[[], None]) -> None:
        self._note = note
        self.is_so = False

    def now(self) -> None:
        """The first bytes go out once this returns; what it raises stops them."""
        if not self.is_so:
            self._note()
            self.is_so = True


class Request(BaseRequest):
    """One kind of requests to the Bot API, with connections of its own.

    Args:
        connections: at most so many at the same time.
        read_timeout_s: how long Telegram may say nothing.
        trust_env: whether a proxy of the environment is used.
        begins: is called right before the body of a request goes out.
    """

    def __init__(
        self,
        *,
        connections: int,
        read_timeout_s: float,
        trust_env: bool,
        begins: Callable[[], None] = lambda: None,
    ) -> None:
        self._connections = connections
        self._read_timeout_s = read_timeout_s
        self._trust_env = trust_env
        self._begins = begins
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout_s

    async def initialize(self) -> None:
        """Nothing to do: connections are made when they are needed."""

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        """Status and body.

        Raises:
            NotSent: it has surely not arrived.
            Silent: it went out, and nothing came back in time.
            CutOff: it went out, and the connection broke.
            Answered: another status than those the library tells apart.
        """
        files = request_data.multipart_data if request_data else None
        wait_s = read_timeout if isinstance(read_timeout, (int, float)) else self._read_timeout_s
        begun = Begun(self._begins)
        try:
            async with self._opened().request(
                method,
                url,
                data=_body(request_data, files),
                headers=FILES if files else FORM,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=None, connect=CONNECT_S, sock_read=wait_s + (FILE_S if files else 0.0)
                ),
                trace_request_ctx=begun,
            ) as answer:
                status, content = answer.status, await answer.read()
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            name = type(error).__name__  # what it says may hold the address, and so the token
            if not begun.is_so:
                raise NotSent(name) from error
            if isinstance(error, asyncio.TimeoutError):
                raise Silent from error
            raise CutOff(name) from error
        if status not in TOLD_APART and not 200 <= status < 300:
            raise Answered(status)
        return status, content

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            trace = aiohttp.TraceConfig()
            trace.on_request_chunk_sent.append(_begins)  # type: ignore[arg-type]  # its own type is wrong
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEPT_S, ssl=_certificates()
                ),
                trust_env=self._trust_env,
                trace_configs=[trace],
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


async def _begins(_: object, context: SimpleNamespace, __: object) -> None:
    begun: Begun = context.trace_request_ctx
    begun.now()


def _certificates() -> ssl.SSLContext:
    """Those that come with the libraries; not every small machine has its own."""
    return httpx.create_ssl_context()


def _body(
    data: RequestData | None, files: dict[str, Any] | None
) -> bytes | aiohttp.FormData | None:
    if data is None:
        return None
    if not files:
        return urlencode(data.json_parameters).encode("ascii")
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in files.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
