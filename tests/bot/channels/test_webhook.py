"""The door that Telegram posts to, and the bot's routes in a real Sanic server: knocks, health."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiohttp import web as aio
from rasa.core.channels.channel import register
from sanic import Sanic

from bot.channels.mailbox import MAX_BODY as MAX_KNOCK
from bot.channels.mailbox import Mailbox
from bot.channels.telegram import Telegram
from bot.webhook.door import MAX_BODY, PATH, application
from bot.webhook.knock import Knock
from bot.webhook.table import open_table
from desk import mailbox
from desk.mailbox import Incoming
from desk.models import Message, UnreadUpdate
from tests.bot.channels.conftest import database_url, echo
from tests.telegram_people import Person
from tests.telegram_server import TOKEN, TelegramServer

SECRET = "s3cret-" * 6
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Agent:
    """Rasa's agent, as far as the channels see it."""

    ready = True

    def is_ready(self) -> bool:
        return self.ready

    async def handle_message(self, message: Any) -> None:
        await echo(message)


@pytest.fixture
async def web(
    server: TelegramServer, set_settings: Any, transactional_db: None
) -> AsyncIterator[httpx.AsyncClient]:
    """The channels in Sanic as Rasa would run them, and before them the door for Telegram."""
    Sanic.test_mode = True
    app = Sanic("channels", configure_logging=False)
    app.ctx.agent = Agent()
    register([Mailbox(), Telegram()], app, "/webhooks/")
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    port = bound.getsockname()[1]
    running = await app.create_server(sock=bound, return_asyncio_server=True)
    assert running is not None
    door = aio.AppRunner(application(open_table(database_url()), SECRET, Knock(port)))
    await door.setup()
    site = aio.TCPSite(door, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{door.addresses[0][1]}{PATH}"
    set_settings(
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL=server.url,
        TELEGRAM_WEBHOOK_SECRET=SECRET,
        TELEGRAM_WEBHOOK_URL=url,
        ASSISTANT_PORT=str(port),
    )
    await running.startup()
    await running.before_start()
    await running.after_start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        client.app = app  # type: ignore[attr-defined]
        client.door = url  # type: ignore[attr-defined]
        yield client
    await door.cleanup()
    await running.before_stop()
    running.close()
    await running.wait_closed()
    await running.after_stop()
    Sanic._app_registry.clear()


async def post(web: httpx.AsyncClient, body: Any, secret: str | None = SECRET) -> httpx.Response:
    content = body if isinstance(body, (bytes, str)) else json.dumps(body)
    headers = {HEADER: secret.encode()} if secret is not None else {}
    return await web.post(web.door, content=content, headers=headers)  # type: ignore[attr-defined]


async def test_telegram_calls_and_amina_is_answered(
    web: httpx.AsyncClient, server: TelegramServer, amina: Person
) -> None:
    await amina.says("Hello")
    assert await amina.hears(1) == ["echo Hello"]
    await amina.presses_data("old:1")
    assert await amina.hears(2) == ["echo Hello", 'echo /inform{"media": "expired_button"}']
    assert set(server.webhook_answers) == {200}
    assert server.webhook["secret_token"] == SECRET


async def test_without_the_secret_nothing_is_read(web: httpx.AsyncClient, amina: Person) -> None:
    update = json.dumps({"update_id": 1, "message": amina.message(text="forged")})
    for secret in (None, "", "wrong", SECRET[:-1], SECRET + "x", "ü"):
        assert (await post(web, update, secret)).status_code == 401
    runtime = web.app.ctx.mailbox  # type: ignore[attr-defined]
    assert not await runtime.database(Message.objects.exists)
    assert not await runtime.database(UnreadUpdate.objects.exists)


JUNK = (
    b"",
    b"no json",
    b"\xff\xfe\x00",
    b"[]",
    b"7",
    b"null",
    b'"text"',
    b"{}",
    b'{"update_id": "7"}',
    b'{"update_id": true}',
    b'{"update_id": -1}',
    b'{"update_id": 1e400}',
    b'{"update_id": 99999999999999999999999999}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"update_id": ' + b"9" * 5000 + b"}",
)


async def test_junk_is_refused_with_a_reason(web: httpx.AsyncClient) -> None:
    for junk in JUNK:
        answer = await post(web, junk)
        assert (answer.status_code, bool(answer.text)) == (400, True), junk[:40]


async def test_what_is_too_large_is_refused(web: httpx.AsyncClient) -> None:
    assert (await post(web, b" " * (MAX_BODY + 1))).status_code == 413


async def test_a_knock_that_is_too_large_is_refused(web: httpx.AsyncClient) -> None:
    answer = await web.post("/webhooks/mailbox/wake", content=b"x" * (MAX_KNOCK + 1))
    assert answer.status_code == 413


async def test_other_addresses_are_not_there(web: httpx.AsyncClient) -> None:
    door = web.door  # type: ignore[attr-defined]
    assert (await web.post(door + "/x", content=b"{}")).status_code == 404
    assert (await web.get(door)).status_code == 405
    assert (await web.post(PATH, content=b"{}")).status_code == 404, "the bot has no such door"


async def test_headers_that_are_too_long_are_refused(web: httpx.AsyncClient) -> None:
    answer = await web.get("/webhooks/mailbox/health", headers={"X-Long": "x" * 20_000})
    assert answer.status_code >= 400


ODD: tuple[dict[str, Any], ...] = (
    {"update_id": 1},
    {"update_id": 2, "message": []},
    {"update_id": 3, "message": {"chat": {"id": None}}},
    {"update_id": 4, "new_kind": {"x": 1}},
    {"update_id": 5, "message": {"chat": {"id": 9, "type": "private"}, "text": {"a": 1}}},
    {"update_id": 6, "message": {"chat": {"id": 9, "type": "private"}, "text": "\ud800\0"}},
    {"update_id": 7, "callback_query": {"from": {"id": 9}, "data": ["x"] * 9}},
)


async def test_odd_updates_are_acknowledged(web: httpx.AsyncClient) -> None:
    for update in ODD:
        assert (await post(web, update)).status_code == 200, update


async def test_a_knock_of_the_desk_and_health(
    web: httpx.AsyncClient, server: TelegramServer
) -> None:
    app = web.app  # type: ignore[attr-defined]
    await app.ctx.mailbox.database(
        mailbox.receive, Incoming("telegram", "501", "web:1", "from the desk's process")
    )
    assert (await web.post("/webhooks/mailbox/wake")).status_code == 200
    await server.until(lambda: server.texts_to(501) == ["echo from the desk's process"])
    await server.until(lambda: bool(server.webhook))
    health = await web.get("/webhooks/mailbox/health")
    assert health.status_code == 200
    assert health.json()["ready"] is True
    assert health.json()["telegram"] == "webhook"
    app.ctx.agent.ready = False
    unready = await web.get("/webhooks/mailbox/health")
    assert (unready.status_code, unready.json()["ready"]) == (503, False)
