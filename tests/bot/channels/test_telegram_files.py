"""Files from Telegram: fetched once the person agrees, through bad days, and never twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.mailbox import Runtime
from desk.mailbox import files
from desk.models import Conversation, FileContent, StoredFile
from tests.files import HTML, OGG, PDF, WHERE, photo
from tests.telegram_faults import hang_up, status, too_many
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries are minutes in real life."""
    monkeypatch.setattr(files, "FIRST_PAUSE", timedelta(milliseconds=20))
    monkeypatch.setattr("bot.channels.telegram_files.LOOK_EVERY_S", 0.02)


async def agrees(runtime: Runtime) -> None:
    """Amina presses the button below what she sent last."""

    def show() -> None:
        one = StoredFile.objects.latest("created_at")
        assert one.message_id is not None
        files.show(one.conversation_id, one.message_id)

    await runtime.database(show)
    runtime.wake()


async def ends(runtime: Runtime, server: TelegramServer) -> StoredFile:
    """Wait until the file is kept or refused."""

    def latest() -> StoredFile:
        return StoredFile.objects.latest("created_at")

    async def is_settled() -> bool:
        return (await runtime.database(latest)).state in ("kept", "refused")

    await server.until_async(is_settled)
    return await runtime.database(latest)


async def content_of(runtime: Runtime, file: StoredFile) -> bytes:
    kept = await runtime.database(lambda: FileContent.objects.get(pk=file.pk).content)
    return bytes(kept)


@pytest.mark.parametrize(
    ("kind", "sent", "of"),
    [
        ("photo", photo(), {}),
        ("voice", OGG, {"mime_type": "audio/ogg"}),
        ("document", PDF, {"mime_type": "application/pdf", "file_name": "Amina.pdf"}),
        ("document", PDF, {}),
        ("document", photo(), {"mime_type": "image/jpeg"}),
    ],
    ids=["photo", "voice", "document", "document of no said kind", "photo as document"],
)
async def test_a_file_is_fetched_when_the_person_agrees(
    assistant: Any, server: TelegramServer, amina: Person, kind: str, sent: bytes, of: Any
) -> None:
    async with assistant() as runtime:
        await amina.sends_file(kind, sent, of=of)
        await amina.hears(1)
        assert "getFile" not in server.calls
        await agrees(runtime)
        one = await ends(runtime, server)
        kept = await content_of(runtime, one)
    assert one.state == "kept"
    assert one.remote_id == ""
    assert WHERE not in kept
    assert kept == sent or one.kind == "photo"
    assert len(server.calls["getFile"]) == 1


async def test_the_best_size_of_a_photo_is_fetched(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    async with assistant() as runtime:
        await amina.sends_file("photo", photo())
        await amina.hears(1)
        await agrees(runtime)
        await ends(runtime, server)
    assert server.calls["getFile"][0]["file_id"] == "file1"


@pytest.mark.parametrize(
    ("sent", "of", "problem"),
    [
        (HTML, {"mime_type": "application/pdf", "file_name": "letter.pdf"}, "wrong_type"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + HTML, {"mime_type": "image/jpeg"}, "unreadable"),
        (PDF + b"\0" * 10_000_000, {"file_size": 1000}, "too_big"),
        (PDF + b"\0" * 21_000_000, {"file_size": 1000}, "too_big"),
    ],
    ids=["a page", "a damaged photo", "larger than said", "larger than bots may fetch"],
)
async def test_what_is_not_what_it_says_is_refused_and_the_person_told(
    assistant: Any, server: TelegramServer, amina: Person, sent: bytes, of: Any, problem: str
) -> None:
    async with assistant() as runtime:
        await amina.sends_file("document", sent, of=of)
        await amina.hears(1)
        await agrees(runtime)
        one = await ends(runtime, server)
        told = await amina.hears(2)
        assert not await runtime.database(FileContent.objects.exists)
    assert (one.state, one.problem) == ("refused", problem)
    assert "PDF" in told[1]


async def test_bad_days_are_waited_out(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    server.faults["getFile"] += [status(500), too_many(1), hang_up()]
    server.faults["download"] += [status(502), hang_up()]
    async with assistant() as runtime:
        await amina.sends_file("voice", OGG)
        await amina.hears(1)
        await agrees(runtime)
        one = await ends(runtime, server)
        assert await content_of(runtime, one) == OGG
    assert one.attempts == 6


async def test_a_file_that_is_gone_is_not_tried_for_ever(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    async with assistant() as runtime:
        await amina.sends_file("voice", OGG)
        await amina.hears(1)
        server.files.clear()
        await agrees(runtime)
        one = await ends(runtime, server)
    assert (one.state, one.problem, one.attempts) == ("refused", "gone", 4)


async def test_a_download_that_is_gone_ends_at_once(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    server.always["download"] = status(404, "Not Found")
    async with assistant() as runtime:
        await amina.sends_file("voice", OGG)
        await amina.hears(1)
        await agrees(runtime)
        one = await ends(runtime, server)
    assert (one.problem, one.attempts) == ("gone", 1)


async def test_after_a_crash_in_the_middle_it_is_fetched_again(
    assistant: Any, server: TelegramServer, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FILE_LEASE", timedelta(milliseconds=50))
    began = asyncio.Event()

    async def hangs(*_: Any) -> None:
        began.set()
        await asyncio.sleep(60)

    server.faults["download"].append(hangs)
    async with assistant() as runtime:
        await amina.sends_file("voice", OGG)
        await amina.hears(1)
        await agrees(runtime)
        await asyncio.wait_for(began.wait(), 10)
    async with assistant() as runtime:
        one = await ends(runtime, server)
        assert await runtime.database(FileContent.objects.count) == 1
    assert (one.state, one.attempts) == ("kept", 2)


async def test_an_album_is_fetched_whole(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    async with assistant() as runtime:
        for _ in range(3):
            await amina.sends_file("photo", photo(), media_group_id="album")
        await amina.says("end")
        await amina.hears(2)
        await agrees(runtime)

        async def all_kept() -> bool:
            return await runtime.database(StoredFile.objects.filter(state="kept").count) == 3

        await server.until_async(all_kept)


async def test_the_file_id_and_the_token_are_in_no_log(
    assistant: Any, server: TelegramServer, amina: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="bot")
    server.faults["download"] += [status(500), hang_up()]
    async with assistant() as runtime:
        await amina.sends_file("voice", OGG)
        await amina.hears(1)
        await agrees(runtime)
        await ends(runtime, server)
    lines = [one.getMessage() for one in caplog.records if one.name.startswith("bot")]
    assert any("file.later" in line for line in lines)
    assert not [line for line in lines if server.token in line or "documents/" in line]


async def test_a_place_is_known_by_its_region_only(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    heard: list[Any] = []

    async def hears(message: Any) -> None:
        heard.append(message.metadata)
        await message.output_channel.send_response(message.sender_id, {"text": "ok"})

    async with assistant(hears) as runtime:
        await amina.sends_place(47.3769, 8.5417)
        await amina.hears(1)

        def kept() -> str:
            rows = Conversation.objects.get().messages.values_list("text", "payload")
            return repr(list(rows))

        stored = await runtime.database(kept)
    assert heard[0]["nearest"][0] == "CH-ZH"
    assert "47" not in repr(heard[0]["nearest"])
    assert "ZH" not in stored, "it is not kept after the answer"


async def test_being_woken_while_it_stops_does_not_keep_it_running(assistant: Any) -> None:
    """Python 3.10's ``wait_for`` forgets a cancelling that comes together with its result."""
    async with assistant() as runtime:
        await asyncio.sleep(0.1)
        runtime.stop_last.insert(0, _woken(runtime))
    assert not [one for one in asyncio.all_tasks() if one.get_name() == "telegram-files"]


def _woken(runtime: Runtime) -> Any:
    async def wake() -> None:
        runtime.wake()

    return wake
