"""A Bot API server on the loopback interface that behaves like Telegram's, and can misbehave.

It keeps updates until their offset is confirmed, delivers to a webhook with its secret and tries
again, refuses what Telegram refuses (texts of more than 4,096 UTF-16 units, callback data of more
than 64 bytes, empty texts), keeps files for a download, and loses, delays or doubles nothing by
itself. ``faults`` makes it do what Telegram does on bad days. ``person`` gives somebody who writes,
presses and blocks.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.telegram_people import Person

TOKEN = "123456:test-token"
BOT = {"id": 123456, "is_bot": True, "first_name": "Wegweiser", "username": "wegweiser_bot"}
MAX_TEXT_UNITS = 4096
MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100
MAX_CAPTION_UNITS = 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
FAR = 10
TWO_POLL = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


class Refused(Exception):
    """Telegram's answer to a request that it does not accept."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        self.code, self.description, self.parameters = code, description, parameters


@dataclass
class Sent:
    """One message the bot sent and the server took."""

    chat_id: int
    text: str
    buttons: list[tuple[str, str]]
    """(title, callback data), from top to bottom."""
    message_id: int
    kind: str = "text"
    given: dict[str, Any] = field(default_factory=dict)
    """All parameters, as the bot gave them; an uploaded file as its bytes."""
    at: float = field(default_factory=time.monotonic)


JSON_PARAMETERS = {
    "allowed_updates",
    "commands",
    "reply_markup",
    "reply_parameters",
    "link_preview_options",
}
Fault = Callable[[web.Request, dict[str, Any]], Awaitable[None]]


class TelegramServer:
    """Start it with ``async with``; ``url`` is the ``TELEGRAM_API_URL``."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.sent: list[Sent] = []
        self.calls: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.answered_callbacks: list[str] = []
        self.menus: dict[str, list[dict[str, str]]] = {}
        self.left: list[int] = []
        self.blocked: set[int] = set()
        self.unknown_chats: set[int] = set()
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.always: dict[str, Fault] = {}
        self.webhook: dict[str, Any] = {}
        self.webhook_answers: list[int] = []
        self.files: dict[str, bytes] = {}
        """What people sent, by file id; a file taken out of here is gone."""
        self.old_callbacks: set[str] = set()
        """Presses that are too old to be answered."""
        self._updates: deque[dict[str, Any]] = deque()
        self._allowed: list[str] = []
        self._next_update = 1000
        self._next_message = 1
        self._changed = asyncio.Condition()
        self._polls = 0
        self.conflicts = 0
        self._closing = False
        self._pusher: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None
        self.url = ""

    # --- the server -----------------------------------------------------------------------------

    async def __aenter__(self) -> TelegramServer:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/documents/{file_id}", self._download)
        self._closing = False
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        assert self._runner.addresses
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    async def stop(self) -> None:
        self._closing = True
        async with self._changed:
            self._changed.notify_all()
        if self._pusher is not None:
            self._pusher.cancel()
            await asyncio.wait([self._pusher])
            self._pusher = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = await _parameters(request)
        try:
            if request.match_info["token"] != self.token:
                raise Refused(401, "Unauthorized")
            await self._misbehave(method, request, given)
            handler = getattr(self, f"_on_{method}", None)
            if handler is None:
                raise Refused(404, "Not Found: method not found")
            self.calls[method].append(given)
            result = await handler(given)
            await self._misbehave(f"after {method}", request, given)
        except Refused as refused:
            answer: dict[str, Any] = {
                "ok": False,
                "error_code": refused.code,
                "description": refused.description,
            }
            if refused.parameters:
                answer["parameters"] = refused.parameters
            return web.json_response(answer, status=refused.code)
        return web.json_response({"ok": True, "result": result})

    async def _misbehave(self, moment: str, request: web.Request, given: dict[str, Any]) -> None:
        if self.faults[moment]:
            await self.faults[moment].popleft()(request, given)
        elif moment in self.always:
            await self.always[moment](request, given)

    # --- methods --------------------------------------------------------------------------------

    async def _on_getMe(self, _: dict[str, Any]) -> Any:  # noqa: N802 - Telegram's names
        return BOT | {"can_join_groups": True, "supports_inline_queries": False}

    async def _on_getUpdates(self, given: dict[str, Any]) -> Any:  # noqa: N802
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(given.get("offset") or 0)
        limit = min(int(given.get("limit") or 100), 100)
        if "allowed_updates" in given:
            self._allowed = given["allowed_updates"]
        self._polls += 1
        this = self._polls
        async with self._changed:
            self._changed.notify_all()
            # An offset far behind the newest update is not believed: the first ones come again.
            is_known = offset <= self._next_update + FAR
            while is_known and self._updates and self._updates[0]["update_id"] < offset:
                self._updates.popleft()
            try:
                await asyncio.wait_for(
                    self._changed.wait_for(
                        lambda: bool(self._updates) or self._closing or this != self._polls
                    ),
                    float(given.get("timeout") or 0) or 0.001,
                )
            except asyncio.TimeoutError:
                return []
            if this != self._polls:
                self.conflicts += 1
                raise Refused(409, TWO_POLL)
            return list(self._updates)[:limit]

    async def _on_setWebhook(self, given: dict[str, Any]) -> Any:  # noqa: N802
        if not given.get("url"):
            return await self._on_deleteWebhook(given)
        self.webhook = given
        if given.get("drop_pending_updates") in (True, "true"):
            self._updates.clear()
        self._allowed = given.get("allowed_updates") or []
        if self._pusher is None:
            self._pusher = asyncio.create_task(self._push())
        return True

    async def _on_deleteWebhook(self, given: dict[str, Any]) -> Any:  # noqa: N802
        self.webhook = {}
        if given.get("drop_pending_updates") in (True, "true"):
            self._updates.clear()
        return True

    async def _on_getWebhookInfo(self, _: dict[str, Any]) -> Any:  # noqa: N802
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }

    async def _on_sendMessage(self, given: dict[str, Any]) -> Any:  # noqa: N802
        chat_id = self._reachable(given)
        text = given.get("text") or ""
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT_UNITS:
            raise Refused(400, "Bad Request: message is too long")
        buttons = _checked_buttons(given.get("reply_markup"))
        return await self._sent(chat_id, text, buttons, "text", given) | {"text": text}

    async def _on_sendVenue(self, given: dict[str, Any]) -> Any:  # noqa: N802
        chat_id = self._reachable(given)
        place = {name: float(given[name]) for name in ("latitude", "longitude")}
        if not given.get("title") or not given.get("address"):
            raise Refused(400, "Bad Request: venue title and address must be non-empty")
        buttons = _checked_buttons(given.get("reply_markup"))
        venue = {"location": place, "title": given["title"], "address": given["address"]}
        sent = await self._sent(chat_id, given["title"], buttons, "venue", given)
        return sent | {"venue": venue, "location": place}

    async def _on_sendPhoto(self, given: dict[str, Any]) -> Any:  # noqa: N802
        chat_id = self._reachable(given)
        photo = given.get("photo")
        caption = given.get("caption") or ""
        if len(caption.encode("utf-16-le", "surrogatepass")) // 2 > MAX_CAPTION_UNITS:
            raise Refused(400, "Bad Request: message caption is too long")
        if isinstance(photo, str) and photo not in self.files:
            raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
        buttons = _checked_buttons(given.get("reply_markup"))
        file_id = photo if isinstance(photo, str) else self.put(photo or b"")
        size = {"file_id": file_id, "file_unique_id": file_id, "width": 90, "height": 90}
        sent = await self._sent(chat_id, caption, buttons, "photo", given)
        return sent | {"photo": [size], "caption": caption}

    async def _sent(
        self,
        chat_id: int,
        text: str,
        buttons: list[tuple[str, str]],
        kind: str,
        given: dict[str, Any],
    ) -> dict[str, Any]:
        message_id = self._next_message
        self._next_message += 1
        self.sent.append(Sent(chat_id, text, buttons, message_id, kind, given))
        async with self._changed:
            self._changed.notify_all()
        return {
            "message_id": message_id,
            "from": BOT,
            "chat": {"id": chat_id, "type": "private" if chat_id > 0 else "group"},
            "date": int(time.time()),
        }

    async def _on_editMessageText(self, given: dict[str, Any]) -> Any:  # noqa: N802
        self._reachable(given)
        for one in self.sent:
            if one.message_id == int(given.get("message_id") or 0):
                one.text = given.get("text") or ""
                return {
                    "message_id": one.message_id,
                    "date": int(time.time()),
                    "chat": {"id": one.chat_id, "type": "private"},
                    "text": one.text,
                }
        raise Refused(400, "Bad Request: message to edit not found")

    async def _on_answerCallbackQuery(self, given: dict[str, Any]) -> Any:  # noqa: N802
        if str(given.get("callback_query_id")) in self.old_callbacks:
            raise Refused(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        self.answered_callbacks.append(str(given.get("callback_query_id")))
        return True

    async def _on_sendChatAction(self, given: dict[str, Any]) -> Any:  # noqa: N802
        self._reachable(given)
        return True

    async def _on_setMyCommands(self, given: dict[str, Any]) -> Any:  # noqa: N802
        language = given.get("language_code") or ""
        if language and len(language) != 2:
            raise Refused(400, "Bad Request: invalid language code specified")
        self.menus[language] = given["commands"]
        return True

    async def _on_leaveChat(self, given: dict[str, Any]) -> Any:  # noqa: N802
        self.left.append(int(given["chat_id"]))
        return True

    async def _on_getFile(self, given: dict[str, Any]) -> Any:  # noqa: N802
        content = self.files.get(given["file_id"])
        if content is None:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(content) > MAX_DOWNLOAD:
            raise Refused(400, "Bad Request: file is too big")
        return {
            "file_id": given["file_id"],
            "file_unique_id": given["file_id"],
            "file_size": len(content),
            "file_path": f"documents/{given['file_id']}",
        }

    async def _download(self, request: web.Request) -> web.StreamResponse:
        await self._misbehave_kindly("download", request)
        content = self.files.get(request.match_info["file_id"])
        if request.match_info["token"] != self.token or content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="application/octet-stream")

    async def _misbehave_kindly(self, moment: str, request: web.Request) -> None:
        try:
            await self._misbehave(moment, request, {})
        except Refused as refused:
            raise _Status(refused.code) from refused

    def put(self, content: bytes) -> str:
        """A file that somebody sent; its id."""
        file_id = f"file{len(self.calls['put']) + 1}"
        self.calls["put"].append({"file_id": file_id})
        self.files[file_id] = content
        return file_id

    def _reachable(self, given: dict[str, Any]) -> int:
        chat_id = int(given["chat_id"])
        if chat_id in self.unknown_chats:
            raise Refused(400, "Bad Request: chat not found")
        if chat_id in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat_id

    # --- updates --------------------------------------------------------------------------------

    async def update(self, **content: Any) -> int:
        """Something happened; the bot will be told. Returns the update's id."""
        update_id = self._next_update
        self._next_update += 1
        async with self._changed:
            if not self._allowed or next(iter(content)) in self._allowed:
                self._updates.append({"update_id": update_id, **content})
            self._changed.notify_all()
        return update_id

    def number_anew(self, update_id: int) -> None:
        """As Telegram does after a week without updates: the next one has any number."""
        self._next_update = update_id

    async def repeat(self, update: dict[str, Any]) -> None:
        """Deliver an update that was delivered before, as Telegram may."""
        async with self._changed:
            self._updates.append(update)
            self._changed.notify_all()

    async def _push(self) -> None:
        """Deliver to the webhook in order; what is not acknowledged comes again."""
        async with aiohttp.ClientSession() as http:
            while True:
                async with self._changed:
                    await self._changed.wait_for(lambda: bool(self._updates and self.webhook))
                    update = self._updates[0]
                try:
                    async with http.post(
                        self.webhook["url"],
                        data=json.dumps(update),
                        headers={
                            "Content-Type": "application/json",
                            "X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", ""),
                        },
                        timeout=aiohttp.ClientTimeout(total=60),
                    ) as answer:
                        self.webhook_answers.append(answer.status)
                        taken = answer.status == 200
                except aiohttp.ClientError:
                    taken = False
                if taken:
                    self._updates.popleft()
                else:
                    await asyncio.sleep(0.05)

    def person(self, chat_id: int = 501, **of: Any) -> Person:
        return Person(self, chat_id, **of)

    # --- looking --------------------------------------------------------------------------------

    def texts_to(self, chat_id: int) -> list[str]:
        return [one.text for one in self.sent if one.chat_id == chat_id]

    async def until(self, condition: Callable[[], bool], within_s: float = 10.0) -> None:
        """Wait until a condition holds.

        Raises:
            AssertionError: it did not hold in time.
        """
        deadline = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < deadline, f"not within {within_s} s; sent: {len(self.sent)}"
            await asyncio.sleep(0.005)

    async def until_async(
        self, condition: Callable[[], Awaitable[Any]], within_s: float = 10.0
    ) -> None:
        """Wait until an asynchronous condition holds."""
        deadline = time.monotonic() + within_s
        while not await condition():
            assert time.monotonic() < deadline, f"not within {within_s} s"
            await asyncio.sleep(0.01)


async def _parameters(request: web.Request) -> dict[str, Any]:
    """Parameters as a form, as JSON or in the address; JSON inside of a form is read."""
    if request.content_type == "application/json":
        given = await request.json()
        return dict(given)
    found: dict[str, Any] = dict(request.query)
    for name, value in (await request.post()).items():
        found[name] = value.file.read() if isinstance(value, web.FileField) else str(value)
    for name in JSON_PARAMETERS & found.keys():
        found[name] = json.loads(found[name])
    return _attached(found)


def _attached(found: dict[str, Any]) -> dict[str, Any]:
    """``attach://name`` is the uploaded file of that name."""
    return {
        name: found.get(value.removeprefix("attach://"))
        if isinstance(value, str) and value.startswith("attach://")
        else value
        for name, value in found.items()
    }


class _Status(web.HTTPError):
    """A plain HTTP error with any status."""

    def __init__(self, code: int) -> None:
        self.status_code = code
        super().__init__()


def _checked_buttons(markup: Any) -> list[tuple[str, str]]:
    if not markup:
        return []
    rows = markup.get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS or any(not 1 <= len(row) <= 8 for row in rows):
        raise Refused(400, "Bad Request: reply markup is too long")
    for button in buttons:
        data = button.get("callback_data", "")
        if not button.get("text"):
            raise Refused(400, "Bad Request: inline keyboard button text is empty")
        if "url" not in button and not 1 <= len(data.encode()) <= MAX_CALLBACK_BYTES:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return [(button["text"], button.get("callback_data", "")) for button in buttons]
