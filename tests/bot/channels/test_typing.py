"""A counsellor types at the desk: the person sees it in Telegram, and nobody else does."""

from __future__ import annotations

from typing import Any
from unittest.mock import AsyncMock

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from bot.channels.telegram_typing import CounsellorTyping
from desk.models import Conversation, Counsellor
from tests.telegram_faults import status
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.django_db(transaction=True)


def counsellor_types(address: str) -> None:
    jonas, _ = Counsellor.objects.get_or_create(username="jonas")
    for conversation in Conversation.objects.all():
        if conversation.address == address:
            conversation.handled_by = jonas
            conversation.counsellor_typing_at = timezone.now()
            conversation.save(update_fields=["handled_by", "counsellor_typing_at"])


def shown(server: TelegramServer) -> list[str]:
    return [str(given["chat_id"]) for given in server.calls["sendChatAction"]]


async def test_a_knock_shows_typing_to_whom_the_counsellor_writes(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    other = server.person(502)
    async with assistant() as runtime:
        for person in (amina, other):
            await person.says("Hello")
            await server.until(lambda person=person: bool(server.texts_to(person.chat_id)))
        await sync_to_async(counsellor_types)("501")
        runtime.knock()
        await server.until(lambda: shown(server) == ["501"])


async def test_a_sign_that_is_still_shown_is_not_sent_again(amina: Person) -> None:
    bot, addresses = AsyncMock(), ["501"]

    async def typing_to(*_: Any) -> list[str]:
        return list(addresses)

    typing = CounsellorTyping(typing_to, bot)  # type: ignore[arg-type]

    async def knock() -> list[int]:
        typing.look()
        assert typing._task is not None
        await typing._task
        return [call.args[0] for call in bot.send_chat_action.await_args_list]

    assert await knock() == [501]
    assert await knock() == [501]
    addresses.append("502")
    assert await knock() == [501, 502]


async def test_a_sign_that_telegram_refuses_stops_nothing(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    async with assistant() as runtime:
        await amina.says("Hello")
        await server.until(lambda: len(server.texts_to(501)) == 1)
        await sync_to_async(counsellor_types)("501")
        server.always["sendChatAction"] = status(403, "Forbidden: bot was blocked by the user")
        runtime.knock()
        await sync_to_async(Conversation.objects.update)(handled_by=None)
        await amina.says("Still there?")
        await server.until(lambda: len(server.texts_to(501)) == 2)
