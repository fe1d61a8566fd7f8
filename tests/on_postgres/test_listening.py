"""Who hears what when a row is stored, and that a listener survives the loss of its connection."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from desk import conversations, mailbox, requests
from desk.mailbox import Answer, Outcome
from desk.mailbox.listening import LEASES, PAGES, SENDS, TURNS, Listener, _parameters, tell
from desk.models import Conversation
from desk.watch import CHAT, CONSOLE, THREAD, Watch
from tests.desk.conftest import account, asked, assistant_says, knocks, said, talk  # noqa: F401
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.django_db(transaction=True)
until = TelegramServer().until


@pytest.fixture
def heard(transactional_db: None) -> Iterator[Callable[[], set[str]]]:
    """Which channels were told of something since one asked last."""
    with psycopg.connect(**_parameters(), autocommit=True) as listening:
        for channel in (TURNS, SENDS, PAGES, LEASES, "the_end"):
            listening.execute(f"LISTEN {channel}".encode())

        def since() -> set[str]:
            tell("the_end")
            found = set()
            for notice in listening.notifies(timeout=20):
                if notice.channel == "the_end":
                    return found
                found.add(notice.channel)
            raise AssertionError("the end was not heard")

        yield since


def _turn(conversation: Conversation) -> mailbox.Turn:
    said(conversation, "Hello")
    turn = mailbox.claim_turn("w")
    assert turn is not None
    return turn


def _delivery(conversation: Conversation) -> mailbox.Delivery:
    assistant_says(conversation, "Good day")
    delivery = mailbox.claim_delivery("s", "telegram")
    assert delivery is not None
    return delivery


HAPPENS: dict[str, tuple[Callable[[Any], Any], Callable[[Any, Any], object], set[str]]] = {
    "a person writes": (lambda c: None, lambda c, _: said(c, "Hello"), {TURNS, PAGES}),
    "the desk writes": (lambda c: None, lambda c, _: assistant_says(c, "Hello"), {SENDS, PAGES}),
    "a worker claims": (
        lambda c: said(c, "Hello"),
        lambda c, _: mailbox.claim_turn("w"),
        set(),
    ),
    "a turn is written": (
        _turn,
        lambda c, turn: mailbox.commit_turn(turn, [Answer("Good day")], snapshot={}),
        {SENDS, PAGES},
    ),
    "a sender claims": (
        lambda c: assistant_says(c, "Good day"),
        lambda c, _: mailbox.claim_delivery("s", "telegram"),
        set(),
    ),
    "a message arrived": (
        _delivery,
        lambda c, delivery: mailbox.settle(delivery, Outcome.SENT),
        {PAGES},
    ),
    "the person came back": (
        lambda c: mailbox.block("telegram", c.address),
        lambda c, _: mailbox.unblock("telegram", c.address),
        {SENDS, PAGES},
    ),
    "somebody asks": (lambda c: None, lambda c, _: asked(c), {PAGES}),
    "danger": (lambda c: None, lambda c, _: requests.raise_danger(c.pk), {PAGES}),
    "a counsellor takes over": (
        lambda c: account("jonas", "counsellor"),
        lambda c, jonas: conversations.do_take_over(jonas, c.pk),
        {SENDS, PAGES},
    ),
    "a bot stops polling": (
        lambda c: mailbox.hold_lease("x", "a", mailbox.TURN_LEASE),
        lambda c, _: mailbox.release_lease("x", "a"),
        {LEASES},
    ),
}


@pytest.mark.parametrize("what", HAPPENS)
def test_who_is_told(what: str, heard: Callable[[], set[str]]) -> None:
    before, happens, told = HAPPENS[what]
    conversation = talk()
    prepared = before(conversation)
    heard()
    happens(conversation, prepared)
    assert heard() == told


def test_what_is_rolled_back_is_told_to_nobody(heard: Callable[[], set[str]]) -> None:
    conversation = talk()
    heard()
    with transaction.atomic():
        said(conversation, "Hello")
        transaction.set_rollback(True)
    assert heard() == set()


def test_every_table_that_a_page_waits_for_tells() -> None:
    conversation = talk(channel="web")
    topics = {CONSOLE, f"{THREAD}{conversation.pk}", f"{CHAT}{conversation.address_hash}"}
    with CaptureQueriesContext(connection) as queries:
        Watch().look(frozenset(topics))
    read = {
        table
        for query in queries
        for table in re.findall(r'(?:FROM|JOIN) "(desk_\w+)"', query["sql"])
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname LIKE 'tell_pages%'"
        )
        tell_of = {row[0] for row in cursor.fetchall()}
    assert "desk_message" in read
    assert read <= tell_of, "add a trigger as migration 0003_leases has them"


async def test_a_listener_whose_connection_was_cut_comes_back_and_makes_all_look() -> None:
    calls: list[str] = []
    listener = Listener(
        {TURNS: lambda: calls.append("turns"), SENDS: lambda: calls.append("sends")}
    )
    listener.start()
    await until(lambda: listener.is_listening)
    assert calls == ["turns", "sends"], "what was told before was told to nobody"
    await sync_to_async(tell)(TURNS)
    await until(lambda: calls == ["turns", "sends", "turns"])

    def cut() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            )

    await sync_to_async(cut)()
    await until(lambda: len(calls) == 5)
    await sync_to_async(tell)(SENDS)
    await until(lambda: len(calls) == 6)
    assert listener.pause(0.5) > 0.5
    await listener.stop()
    assert listener.pause(0.5) == 0.5
    await asyncio.sleep(0)
