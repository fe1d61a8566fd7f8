"""The bot reads what the webhook's process stored: in order, once, whatever dies meanwhile."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import DatabaseError, connection

from bot.channels import telegram_order
from bot.channels.database import Database
from bot.channels.polling_lease import NAME
from bot.channels.telegram_unread import UnreadUpdates
from bot.webhook.table import move_leftovers, open_table
from bot.webhook.update import row_of
from desk import mailbox
from desk.models import Conversation, Message, UnreadUpdate
from tests.bot.channels.conftest import database_url
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer
from wegweiser import encryption

LONG = timedelta(seconds=60)


def store(*updates: dict[str, Any]) -> None:
    """As the webhook's process does, in one transaction."""
    table = open_table(database_url())
    table.write([row_of(json.dumps(update).encode()) for update in updates])
    move_leftovers(database_url())
    table.close()


def said(person: Person, number: int, text: str) -> dict[str, Any]:
    return {"update_id": number, "message": person.message(text=text)}


async def nothing_left() -> bool:
    def look() -> bool:
        try:
            return not UnreadUpdate.objects.exists()
        finally:
            connection.close()

    return await asyncio.to_thread(look)


@pytest.fixture
def by_webhook(assistant: Any, set_settings: Any) -> Any:
    """The assistant as it runs with a webhook; here nobody posts to it."""
    set_settings(
        TELEGRAM_WEBHOOK_URL="http://127.0.0.1:9/webhooks/telegram/webhook",
        TELEGRAM_WEBHOOK_SECRET="s3cret-" * 6,
    )
    return assistant


@pytest.fixture
async def bilal(server: TelegramServer) -> Person:
    return server.person(502)


async def test_what_waits_at_the_start_is_answered_and_gone(by_webhook: Any, amina: Person) -> None:
    store(said(amina, 1, "one"), said(amina, 2, "two"))
    async with by_webhook():
        assert await amina.hears(2) == ["echo one", "echo two"]
    assert await nothing_left()


async def test_a_thousand_updates_in_the_order_of_each_chat(
    by_webhook: Any, server: TelegramServer
) -> None:
    """Stored by many transactions in a shuffled order, as forty connections bring them."""
    people = [server.person(600 + number) for number in range(20)]
    updates = [said(people[n % 20], 1000 + n, str(n // 20)) for n in range(1000)]
    for start in range(0, 1000, 100):
        store(*reversed(updates[start : start + 100]))
    async with by_webhook() as runtime:
        await server.until_async(nothing_left, 60)
        keys = await runtime.database(
            lambda: list(
                Message.objects.filter(direction="in").order_by("id").values_list("key", flat=True)
            )
        )
    assert keys == [f"tg:{1000 + n}" for n in range(1000)]


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is not waited for in these tests is not waited for at all."""
    monkeypatch.setattr(telegram_order, "WAIT_FOR_MISSING", LONG)


@pytest.mark.usefixtures("patient")
async def test_what_comes_out_of_order_is_read_in_order(by_webhook: Any, amina: Person) -> None:
    async with by_webhook() as runtime:
        store(said(amina, 999, "one"))
        await amina.hears(1)
        store(said(amina, 1001, "three"))
        runtime.on_update[0]()
        # Were it to read, it would have before it answers this.
        assert await runtime.database(UnreadUpdate.objects.count) == 1
        store(said(amina, 1000, "two"))
        runtime.on_update[0]()
        assert await amina.hears(3) == ["echo one", "echo two", "echo three"]


@pytest.mark.usefixtures("patient")
async def test_nothing_waits_where_nothing_is_known_to_be_missing(
    by_webhook: Any, amina: Person
) -> None:
    """The first after a start, the next, a late one, and another counting, above and below."""
    numbers = [5, 6, 4, 7, 500_000, 500_001, 30, 31]
    async with by_webhook() as runtime:
        for count, number in enumerate(numbers, 1):
            store(said(amina, number, str(number)))
            runtime.on_update[0]()
            await amina.hears(count)
    assert amina.texts == [f"echo {number}" for number in numbers]


async def test_a_number_that_never_comes_holds_up_nobody(by_webhook: Any, amina: Person) -> None:
    async with by_webhook() as runtime:
        store(said(amina, 1, "1"))
        await amina.hears(1)
        store(*(said(amina, number, str(number)) for number in range(3, 60, 2)))
        runtime.on_update[0]()
        assert len(await amina.hears(30)) == 30


async def test_a_button_a_block_and_a_group_are_dealt_with_as_when_polling(
    by_webhook: Any, server: TelegramServer, amina: Person
) -> None:
    group = {"id": -77, "type": "supergroup"}
    pressed = {"id": "cb1", "from": amina.user, "message": amina.message(), "data": "old:1"}
    member = {"chat": amina.chat, "from": amina.user, "new_chat_member": {"status": "kicked"}}
    store(
        {"update_id": 1, "callback_query": pressed},
        {"update_id": 2, "message": amina.message(text="to all") | {"chat": group}},
        {"update_id": 3, "poll": {}},
    )
    async with by_webhook() as runtime:
        assert await amina.hears(1) == ['echo /inform{"media": "expired_button"}']
        await server.until(lambda: server.left == [-77] and server.answered_callbacks == ["cb1"])
        store({"update_id": 4, "my_chat_member": member})
        await server.until_async(
            lambda: runtime.database(Conversation.objects.filter(blocked_at__isnull=False).exists)
        )
        await server.until_async(nothing_left)


def read_of(database: Database) -> UnreadUpdates:
    return UnreadUpdates(database, beside=lambda _: None)


@pytest.fixture
async def database(transactional_db: None) -> AsyncIterator[Database]:
    found = Database()
    yield found
    found.close()


async def texts(database: Database) -> list[str]:
    return await database(
        lambda: list(Message.objects.order_by("id").values_list("text", flat=True))
    )


async def left(database: Database) -> list[int]:
    return await database(
        lambda: list(UnreadUpdate.objects.order_by("pk").values_list("pk", flat=True))
    )


async def test_what_was_read_before_is_known_by_its_key(database: Database, amina: Person) -> None:
    """The webhook's process dies between commit and answer: Telegram brings it again."""
    store(said(amina, 1, "one"))
    assert await read_of(database).read_all() == 1
    store(said(amina, 1, "one"), said(amina, 2, "two"))
    assert await read_of(database).read_all() == 2
    assert await texts(database) == ["one", "two"]


async def test_the_same_update_twice_is_one_row(database: Database, amina: Person) -> None:
    store(said(amina, 1, "one"), said(amina, 1, "one"))
    store(said(amina, 1, "another"))
    assert await read_of(database).read_all() == 1
    assert await texts(database) == ["one"]


async def test_a_message_and_the_end_of_its_update_are_one_transaction(
    database: Database, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails at the very end leaves everything as it was."""
    store(said(amina, 1, "one"), said(amina, 2, "two"))
    with monkeypatch.context() as patch:
        patch.setattr("desk.mailbox.unread.FORGET", "DELETE FROM nowhere WHERE update_id = %s")
        with pytest.raises(DatabaseError, match="nowhere"):
            await read_of(database).read_all()
    assert (await texts(database), await left(database)) == ([], [1, 2])
    assert await read_of(database).read_all() == 2


async def test_poison_is_reduced_and_holds_up_nobody(
    database: Database,
    amina: Person,
    bilal: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    real = mailbox.receive

    def picky(incoming: Any) -> Any:
        if incoming.text.startswith("poison") or incoming.key == "tg:3":
            raise ValueError(incoming.text)
        return real(incoming)

    monkeypatch.setattr(mailbox, "receive", picky)
    store(said(amina, 1, "one"), said(amina, 2, "poison"), said(amina, 3, "poison for ever"))
    store(said(bilal, 4, "two"))
    await read_of(database).read_all()
    rows = await database(lambda: list(Message.objects.order_by("id").values_list("kind", "text")))
    assert rows == [("text", "one"), ("unknown", ""), ("text", "two")]
    assert await left(database) == []
    said_of_it = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert said_of_it == [
        "update.reduced update=2 error=ValueError",
        "update.reduced update=3 error=ValueError",
        "update.lost update=3 error=ValueError",
    ]
    assert "poison" not in caplog.text


async def test_poison_in_an_album_still_gets_an_answer(
    database: Database, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = mailbox.receive

    def picky(incoming: Any) -> Any:
        if incoming.text:
            raise ValueError(incoming.text)
        return real(incoming)

    monkeypatch.setattr(mailbox, "receive", picky)
    for number, caption in ((1, ""), (2, "poison")):
        picture = amina.message(photo=[], media_group_id="a", caption=caption)
        store({"update_id": number, "message": picture})
    await read_of(database).read_all()
    rows = await database(lambda: list(Message.objects.order_by("id").values_list("key", "kind")))
    assert rows == [("tg:album:a", "photo"), ("tg:2", "unknown")]


async def test_without_its_key_it_stays_and_the_others_are_read(
    database: Database, amina: Person, bilal: Person, set_settings: Any
) -> None:
    def keys(*several: bytes) -> None:
        set_settings(FIELD_ENCRYPTION_KEYS=",".join(key.decode() for key in several))
        encryption._fernet.cache_clear()

    lost, new = Fernet.generate_key(), Fernet.generate_key()
    try:
        keys(lost)
        store(*(said(amina, number, f"lost {number}") for number in range(1, 31)))
        keys(new)
        store(said(bilal, 31, "two"))
        reader = read_of(database)
        assert await reader.read_all() == 1
        assert await reader.read_all() == 0
        assert len(await left(database)) == 30
        keys(new, lost)
        assert await reader.read_all() == 30
        assert len(await texts(database)) == 31
    finally:
        encryption._fernet.cache_clear()


async def test_only_the_holder_of_the_lease_reads(
    by_webhook: Any, server: TelegramServer, amina: Person
) -> None:
    def held(until: timedelta) -> bool:
        return mailbox.hold_lease(NAME, "elsewhere:1:x", until)

    assert await asyncio.to_thread(_closing, held, LONG)
    async with by_webhook() as runtime:
        await server.until(lambda: runtime.reports["telegram"]() == "standby")
        store(said(amina, 1, "one"))
        runtime.on_update[0]()
        # Were it to read, it would have before it answers this.
        assert await runtime.database(UnreadUpdate.objects.count) == 1
        assert not server.webhook, "only the one that reads says where to bring updates"
        await runtime.database(mailbox.release_lease, NAME, "elsewhere:1:x")
        runtime.on_lease[0]()
        assert await amina.hears(1) == ["echo one"]
        await server.until(lambda: runtime.reports["telegram"]() == "webhook")


def _closing(function: Any, *arguments: Any) -> Any:
    try:
        return function(*arguments)
    finally:
        connection.close()


async def test_who_polls_again_reads_what_the_webhook_left(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    store(said(amina, 1, "one"))
    async with assistant():
        await amina.says("two")
        assert await amina.hears(2) == ["echo one", "echo two"]
    assert await nothing_left()


async def test_what_waits_is_counted_as_waiting(database: Database, amina: Person) -> None:
    store(said(amina, 1, "one"), said(amina, 2, "two"))
    found = await database(mailbox.backlog)
    assert (found["in"], found["out"]) == (2, 0)
    await read_of(database).read_all()
    assert (await database(mailbox.backlog))["in"] == 2
