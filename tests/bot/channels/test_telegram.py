"""Telegram in, Telegram out: everything a person can send gets exactly one kind of answer."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from desk import mailbox
from desk.models import Conversation, Message, StoredFile
from tests.telegram_people import MEDIA, Person
from tests.telegram_server import TelegramServer


async def test_amina_is_answered_once(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    async with assistant() as runtime:
        update = await amina.says("Hello")
        assert await amina.hears(1) == ["echo Hello"]
        await server.repeat({"update_id": update, "message": amina.message(text="Hello")})
        await amina.says("Bye")
        assert await amina.hears(2) == ["echo Hello", "echo Bye"]
        stored = await runtime.database(
            lambda: list(Message.objects.values_list("text", flat=True).order_by("id"))
        )
    assert stored == ["Hello", "echo Hello", "Bye", "echo Bye"]


async def test_a_hundred_messages_of_ten_people_keep_their_order(
    assistant: Any, server: TelegramServer
) -> None:
    people = [server.person(number) for number in range(1, 11)]
    async with assistant():
        for number in range(10):
            for person in people:
                await person.says(str(number))
        for person in people:
            assert await person.hears(10, within_s=30) == [f"echo {n}" for n in range(10)]


async def test_every_kind_of_message_is_answered(assistant: Any, amina: Person) -> None:
    async with assistant():
        for kind in MEDIA:
            await amina.sends(kind)
        heard = await amina.hears(len(MEDIA))
    assert heard == [f'echo /inform{{"media": "{kind}"}}' for kind in MEDIA]


async def test_words_under_a_picture_are_heard_too(assistant: Any, amina: Person) -> None:
    async with assistant():
        await amina.sends("photo", caption="What does this letter say?")
        assert await amina.hears(2) == [
            'echo /inform{"media": "photo"}',
            "echo What does this letter say?",
        ]


async def test_an_album_is_one_thing(assistant: Any, amina: Person) -> None:
    async with assistant():
        for _ in range(4):
            await amina.sends("photo", media_group_id="album")
        await amina.says("end")
        assert len(await amina.hears(2)) == 2


async def test_after_a_quiet_week_the_numbers_are_others(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    """The numbers begin anew, lower: everything arrives, nothing is asked for again and again."""
    server.number_anew(5000)

    async def confirmed(offset: int) -> None:
        asked = server.calls["getUpdates"]
        await server.until(lambda: bool(asked) and int(asked[-1]["offset"]) == offset, 30)

    async with assistant() as runtime:
        await amina.says("before")
        await confirmed(5001)
        server.number_anew(100)
        for number in range(150):
            await amina.says(str(number))
        await confirmed(250)
        asked = len(server.calls["getUpdates"])
        await amina.says("after")
        await confirmed(251)
        assert len(server.calls["getUpdates"]) <= asked + 1
        rows = Message.objects.filter(direction="in").order_by("id")
        stored = await runtime.database(lambda: list(rows.values_list("text", flat=True)))
    assert stored == ["before", *map(str, range(150)), "after"]


async def test_words_under_any_picture_of_an_album_are_heard_once(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    """The first row of an album is answered for all of it; words stand under any of them."""
    asked = amina.message(**MEDIA["photo"], media_group_id="a", caption="My child is sick")
    async with assistant() as runtime:
        await amina.sends("photo", media_group_id="a")
        update = await server.update(message=asked)
        await amina.sends("video", media_group_id="a", caption="What now?")
        await amina.sends("photo", media_group_id="a")
        assert await amina.hears(3) == [
            'echo /inform{"media": "photo"}',
            "echo My child is sick",
            "echo What now?",
        ]
        await server.repeat({"update_id": update, "message": asked})
        await amina.says("end")
        assert (await amina.hears(4))[3] == "echo end"
        files = await runtime.database(
            lambda: list(StoredFile.objects.values_list("message__kind", flat=True))
        )
    assert files == ["photo"] * 3, "all below the one answer that offers to show them"


async def test_words_that_came_with_an_album_are_not_heard_twice(
    assistant: Any, amina: Person
) -> None:
    async with assistant():
        for caption in ("one", "two", "one", ""):
            await amina.sends("photo", media_group_id="a", caption=caption)
        await amina.says("end")
        heard = await amina.hears(4)
    assert heard == ['echo /inform{"media": "photo"}', "echo one", "echo two", "echo end"]


async def test_an_edited_message_is_answered(assistant: Any, amina: Person) -> None:
    async with assistant():
        await amina.edits("Hello again")
        assert await amina.hears(1) == ["echo Hello again"]


async def test_a_button_is_its_payload_and_stops_waiting_at_once(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    async def offers(message: UserMessage) -> None:
        buttons = [{"title": "Switzerland", "payload": '/inform{"host_country": "CH"}'}]
        buttons += [{"title": "x" * 200, "payload": "/" + "x" * 200}]
        await message.output_channel.send_response(
            message.sender_id, {"text": f"heard {message.text}", "buttons": buttons}
        )

    async with assistant(offers):
        await amina.says("Hello")
        await amina.hears(1)
        await amina.presses("Switzerland")
        assert (await amina.hears(2))[1] == 'heard /inform{"host_country": "CH"}'
        await server.until(lambda: len(server.answered_callbacks) == 1)
        await amina.presses_data("made-up:0")
        assert (await amina.hears(3))[2] == 'heard /inform{"media": "expired_button"}'
        await server.person(666).presses_data(amina.heard[0].buttons[0][1])
        assert (await server.person(666).hears(1)) == ['heard /inform{"media": "expired_button"}']


async def test_a_group_is_declined_once_and_left_and_nothing_is_kept(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    async with assistant() as runtime:
        await amina.says_in_group("Hello everybody")
        await amina.says_in_group("my secret")
        await server.until(lambda: server.left == [-77, -77])
        assert len(server.texts_to(-77)) == 1
        assert not await runtime.database(Conversation.objects.exists)


async def test_blocked_is_kept_and_sent_when_she_is_back(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    async with assistant() as runtime:
        await amina.says("Hello")
        await amina.hears(1)
        await amina.blocks()
        await server.until_async(
            lambda: runtime.database(Conversation.objects.filter(blocked_at__isnull=False).exists)
        )
        await server.update(message=amina.message(text="while blocked"))
        await server.until_async(
            lambda: runtime.database(Message.objects.filter(error="blocked").exists)
        )
        await amina.unblocks()
        assert (await amina.hears(2))[1] == "echo while blocked"


async def test_the_language_of_her_telegram_reaches_rasa(
    assistant: Any, server: TelegramServer
) -> None:
    seen: list[dict[str, Any]] = []

    async def looks(message: UserMessage) -> None:
        seen.append({**message.metadata, "channel of the text": message.input_channel})
        await message.output_channel.send_response(message.sender_id, {"text": "ok"})

    person = server.person(7, language="pt-br")
    async with assistant(looks):
        await person.says("Olá")
        await person.hears(1)
    assert seen[0].pop("message_id").isdigit()
    assert seen == [
        {
            "language": None,
            "language_hint": "pt",
            "channel": "telegram",
            "kind": "text",
            "channel of the text": "telegram",
        }
    ]


async def test_bad_input_is_answered_and_the_process_lives(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    bad = ["ﷺ" * 4096, "\0", "\ud800 lone \udfff", "x" * 100_000, "😀" * 2048, "   ", "\u200b"]
    async with assistant():
        for text in bad:
            await amina.says(text)
        await amina.says("end")
        await server.until(lambda: bool(amina.texts) and amina.texts[-1] == "echo end", 20)
    assert all(len(text.encode("utf-16-le")) <= 2 * 4096 for text in amina.texts)
    assert "echo � lone �" in amina.texts


async def test_updates_that_telegram_may_invent_hold_up_nobody(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    junk: list[dict[str, Any]] = [
        {"message": None},
        {"message": {}},
        {"message": {"chat": 7, "from": []}},
        {"message": {"chat": {"id": "x", "type": "private"}}},
        {"callback_query": {"id": None, "from": None}},
        {"my_chat_member": {"chat": {}}},
        {"message": amina.message(pinned_message={})},
        {"message": amina.message(text="I am a bot") | {"from": {"id": 1, "is_bot": True}}},
    ]
    async with assistant():
        for one in junk:
            await server.update(**one)
        await amina.says("Hello")
        assert await amina.hears(1) == ["echo Hello"]


async def test_the_menu_is_set_in_every_language_with_words(
    assistant: Any, server: TelegramServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from wegweiser import texts

    for code, help_words in (("en", "What I can do"), ("fr", "Ce que je peux faire")):
        (tmp_path / f"{code}.yml").write_text(
            f"language: {code}\nbuttons: {{command_help: {help_words}}}\n"
            "words: {}\nchat: {}\nresponses: {}\n"
        )
    monkeypatch.setattr(texts, "ANSWERS", tmp_path)
    monkeypatch.setattr(texts, "_loaded", {})
    async with assistant():
        await server.until(lambda: len(server.menus) == 3)
    assert server.menus[""] == [{"command": "help", "description": "What I can do"}]
    assert server.menus["fr"] == [{"command": "help", "description": "Ce que je peux faire"}]


async def test_a_batch_is_stored_together_and_poison_in_it_alone(
    assistant: Any, server: TelegramServer, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can't be stored with the others is met one by one, and holds up nobody."""
    bilal = server.person(502)
    calls = []
    together, alone = mailbox.receive_all, mailbox.receive

    def counted(several: Any) -> None:
        calls.append(len(several))
        together(several)

    def picky(incoming: Any) -> Any:
        if incoming.text == "poison":
            raise ValueError("a fault of ours")
        return alone(incoming)

    monkeypatch.setattr(mailbox, "receive_all", counted)
    monkeypatch.setattr(mailbox, "receive", picky)
    monkeypatch.setattr("desk.mailbox.inbox.receive", picky)
    for text in ("one", "two"):
        await amina.says(text)
        await bilal.says(text)
    await amina.says("poison")
    await bilal.says("three")
    async with assistant():
        assert await bilal.hears(3) == ["echo one", "echo two", "echo three"]
        assert (await amina.hears(3))[:2] == ["echo one", "echo two"]
        await amina.says("four")
        await amina.hears(4)
        await amina.says("five")
        await amina.hears(5)
    assert calls == [6]
