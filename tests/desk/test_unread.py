"""Updates that no bot has read yet: erased with the person, by age, and under a new key."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bot.channels.telegram_updates import MemberChange, Message, parse
from bot.webhook.update import NotAnUpdate, row_of
from desk import mailbox, requests
from desk.mailbox import Incoming
from desk.models import Conversation, UnreadUpdate
from desk.retention import erase_old
from tests.telegram_people import MEDIA, Person
from wegweiser.encryption import decrypt_bytes, lookup_hash

pytestmark = pytest.mark.django_db


def unread(update_id: int, chat: int = 501) -> None:
    body = json.dumps({"update_id": update_id, "message": {"chat": {"id": chat}}}).encode()
    UnreadUpdate.objects.create(
        update_id=update_id, address_hash=lookup_hash("telegram", str(chat)), body=body
    )


def left() -> list[int]:
    return list(UnreadUpdate.objects.order_by("pk").values_list("pk", flat=True))


def test_what_came_before_the_wish_goes_and_what_came_behind_it_waits() -> None:
    """Before it lies only what could not be read; to what comes behind it she expects an answer."""
    mailbox.receive(Incoming("telegram", "501", "tg:20", "delete my data", kind="for_assistant"))
    for update_id, chat in ((7, 501), (8, 502), (21, 501)):
        unread(update_id, chat)
    requests.erase(Conversation.objects.get().pk)
    assert left() == [8, 21]


def test_what_nobody_could_read_goes_by_age() -> None:
    for update_id in (1, 2):
        unread(update_id)
    UnreadUpdate.objects.filter(pk=1).update(received_at=timezone.now() - timedelta(days=91))
    assert erase_old().updates == 1
    assert left() == [2]


def test_updates_are_given_in_their_order_and_from_where_one_is() -> None:
    for update_id in (3, 10, 2, 100, 1):
        unread(update_id)
    assert [one.update_id for one in mailbox.unread_updates(-1, 3)] == [1, 2, 3]
    assert [one.update_id for one in mailbox.unread_updates(3, 9)] == [10, 100]


def amina() -> Person:
    return Person(None, 501)  # type: ignore[arg-type]


def everything() -> list[dict[str, Any]]:
    person = amina()
    stranger = {"id": -77, "type": "group"}
    return [
        *({"message": person.message(**media)} for media in MEDIA.values()),
        {"message": person.message(text="Hello")},
        {"edited_message": person.message(text="Hello")},
        {"callback_query": {"id": "1", "from": person.user, "data": "a:1"}},
        {"callback_query": {"id": "1", "from": person.user, "message": person.message()}},
        {"my_chat_member": {"chat": person.chat, "new_chat_member": {"status": "kicked"}}},
        {"my_chat_member": {"chat": stranger, "new_chat_member": {"status": "member"}}},
        {"message": person.message(text="Hello all") | {"chat": stranger}},
        {"message": None, "callback_query": {"id": "1", "from": person.user}},
        {"message": {"chat": {"id": "x"}}},
        {"poll": {}},
    ]


@pytest.mark.parametrize("update", everything(), ids=lambda update: next(iter(update)))
def test_the_door_knows_whom_an_update_is_about_as_the_bot_does(update: dict[str, Any]) -> None:
    """And what it leaves out of it, the bot would not have looked at."""
    update = {"update_id": 7, **update}
    meant = parse(update)
    address = ""
    if isinstance(meant, Message):
        address = meant.incoming.address
    elif isinstance(meant, MemberChange):
        address = meant.address
    row = row_of(json.dumps(update).encode())
    assert row.address_hash == (lookup_hash("telegram", address) if address else "")
    assert parse(json.loads(decrypt_bytes(row.body))) == meant


def test_words_of_a_group_are_not_kept() -> None:
    group = {"id": -77, "type": "supergroup", "title": "marmalade"}
    message = amina().message(text="marmalade") | {"chat": group}
    for kind in ("message", "edited_message"):
        body = decrypt_bytes(row_of(json.dumps({"update_id": 1, kind: message}).encode()).body)
        assert b"marmalade" not in body
        assert b"Amina" not in body


@pytest.mark.parametrize("body", [b"", b"[]", b'{"update_id": true}', b"[" * 100_000, b"\xff"])
def test_what_is_no_update_is_refused_without_quoting_it(body: bytes) -> None:
    with pytest.raises(NotAnUpdate):
        row_of(body)
