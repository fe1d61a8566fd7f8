"""How messages look on Telegram: split, directed, unformatted, as pictures and places."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage

from bot.channels.telegram_text import RLM, button_title, directed, parts, units
from desk.models import Conversation
from tests.telegram_faults import status
from tests.telegram_people import Person
from tests.telegram_server import TelegramServer
from wegweiser.steps import steps_in_words

SENTENCES = {
    "en": ("This is a sentence, of some length. ", "."),
    "de": ("Das kostet nichts! ", "!"),
    "ar": ("هذه جملة، وهي طويلة بعض الشيء؟ ", "؟"),
    "fa": ("این یک جمله است، کمی دراز. ", "."),
    "ur": ("یہ ایک جملہ ہے۔ ", "۔"),
    "ti": ("እዚ ሓደ ምሉእ ሓሳብ እዩ፡ ነዊሕ። ", "።"),
    "ti?": ("ብኸመይ ይኸይድ፧ ", "፧"),
    "ka": ("ეს ერთი წინადადებაა. ", "."),
    "ru": ("Это предложение… ", "…"),
    "quoted": ("She said: “Come with me.” ", "”"),
}


@pytest.mark.parametrize(("sentence", "end"), SENTENCES.values(), ids=SENTENCES)
def test_a_long_answer_is_split_between_sentences(sentence: str, end: str) -> None:
    found = parts(sentence * 400)
    assert len(found) > 1
    assert all(part.endswith(end) and units(part) <= 4096 for part in found)
    assert " ".join(found).split() == (sentence * 400).split()


def test_without_sentences_it_is_split_at_a_comma_then_between_words() -> None:
    assert all(part.endswith(("፣", "word")) for part in parts("word፣ word word " * 600)[:-1])
    assert all(part.endswith("a" * 100) for part in parts(("a" * 100 + " ") * 90))


def test_a_letter_keeps_its_vowel_signs_and_an_emoji_stays_whole() -> None:
    for whole in ("بِّ", "👩‍👩‍👧"):
        for part in parts(whole * 2000):
            assert part.replace(whole, "") == ""


@given(st.text(min_size=1, max_size=400), st.integers(20, 60))
def test_nothing_is_lost_or_too_long(text: str, limit: int) -> None:
    found = parts(text, limit)
    assert all(0 < units(part) <= limit for part in found)
    kept = "".join("".join(found).split())
    assert kept in ("".join(text.replace("\0", " ").split()), "…") or "\ufffd" in kept


def test_a_line_of_arabic_that_begins_with_latin_is_laid_out_right_to_left() -> None:
    assert directed("RIF هو صندوق\nهذا سطر", rtl=True) == f"{RLM}RIF هو صندوق\nهذا سطر"
    assert directed("RIF is a fund", rtl=False) == "RIF is a fund"
    assert button_title("K7M-4Q2 أفغانستان", rtl=True).startswith(RLM)
    assert button_title("👤 شخص", rtl=True) == "👤 شخص"


async def says(language: str, **what: Any) -> Any:
    async def hear(message: UserMessage) -> None:
        await message.output_channel.send_response(
            message.sender_id, what | {"answer_language": language}
        )

    return hear


async def test_signs_of_formatting_arrive_as_they_are(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    text = "<b>5 < 6</b> *a* _b_ [c](d) `e` &amp; \\ ~ || #"
    async with assistant(await says("en", text=text)):
        await amina.says("Hello")
        assert await amina.hears(1) == [text]
    assert not {"parse_mode", "entities"} & server.calls["sendMessage"][0].keys()


async def test_one_button_a_row_and_short_ids(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    buttons = [{"title": f"Button {n}", "payload": "/x" + "y" * 500} for n in range(12)]
    async with assistant(await says("en", text="Which?", buttons=buttons)):
        await amina.says("Hello")
        await amina.hears(1)
    rows = server.calls["sendMessage"][0]["reply_markup"]["inline_keyboard"]
    assert [len(row) for row in rows] == [1] * 12
    assert all(len(row[0]["callback_data"].encode()) <= 64 for row in rows)
    assert "/x" not in repr(rows)


async def test_the_answer_to_an_edit_points_at_it(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    async with assistant():
        await amina.says("How mch?")
        await amina.edits("How much?")
        assert await amina.hears(2) == ["echo How mch?", "echo How much?"]
    first, second = server.calls["sendMessage"]
    assert "reply_parameters" not in first
    assert second["reply_parameters"]["message_id"] == 100_002
    assert second["reply_parameters"]["allow_sending_without_reply"] is True


async def test_new_words_below_a_picture_are_an_edit_and_no_second_file(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    sent = amina.message(photo=[{"file_id": "x"}], caption="What is this letter?")
    async with assistant():
        await server.update(edited_message=sent)
        assert await amina.hears(1) == ["echo What is this letter?"]


async def test_a_press_that_is_too_old_for_telegram_is_answered_all_the_same(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    server.old_callbacks.add(f"cb{server._next_update}")
    async with assistant():
        await amina.presses_data("long-gone:0")
        assert await amina.hears(1) == ['echo /inform{"media": "expired_button"}']
    assert not server.answered_callbacks


PICTURE = {"kind": "picture", "picture": "steps", "language": "ar"}


async def test_the_steps_are_a_picture_with_its_words_below(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    words = steps_in_words("ar")
    async with assistant(await says("ar", text=words, custom=PICTURE)):
        await amina.says("one")
        await amina.hears(1)
        await amina.says("two")
        await amina.hears(2)
    first, second = amina.heard
    assert (first.kind, first.text) == ("photo", words)
    assert first.given["photo"].startswith(b"\x89PNG")
    assert isinstance(second.given["photo"], str), "uploaded once, then named"


@pytest.mark.parametrize(
    ("method", "data"),
    [
        ("sendPhoto", PICTURE),
        ("sendPhoto", PICTURE | {"language": "xx"}),
        ("sendVenue", {"kind": "venue", "latitude": 47.17}),
    ],
)
async def test_what_is_not_taken_as_a_picture_or_place_is_said_in_words(
    assistant: Any, server: TelegramServer, amina: Person, method: str, data: Any
) -> None:
    server.always[method] = status(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    async with assistant(await says("en", text="The steps are ...", custom=data)):
        await amina.says("Hello")
        assert await amina.hears(1) == ["The steps are ..."]
    assert amina.heard[0].kind == "text"


async def test_an_office_is_a_place_on_the_map(
    assistant: Any, server: TelegramServer, amina: Person
) -> None:
    place = {"latitude": 47.17, "longitude": 8.52, "title": "Office", "address": "Street 1, Zug"}
    async with assistant(await says("en", text="Office", custom={"kind": "venue", **place})):
        await amina.says("Hello")
        await amina.hears(1)
    given = server.calls["sendVenue"][0]
    assert (given["title"], given["address"]) == ("Office", "Street 1, Zug")
    assert (float(given["latitude"]), float(given["longitude"])) == (47.17, 8.52)


@pytest.mark.parametrize("words", ["/delete", "delete my data", "  Delete my data. ", "/language"])
async def test_a_wish_to_erase_is_heard_while_a_counsellor_writes(
    assistant: Any, server: TelegramServer, amina: Person, words: str
) -> None:
    def take_over() -> None:
        from desk.models import Counsellor

        holder = Counsellor.objects.create(username="jonas")
        Conversation.objects.update(handled_by=holder)

    async with assistant() as runtime:
        await amina.says("Hello")
        await amina.hears(1)
        await runtime.database(take_over)
        await amina.says("this is for the counsellor")
        await amina.says("please do not delete my data before Friday")
        await amina.says(words)
        heard = await amina.hears(2)
        await amina.says("and this")
        assert await runtime.database(_backlog) == 0
    expected = {"/delete": "echo /delete_my_data", "/language": "echo /change_language"}
    assert heard[1] == expected.get(words, f"echo {words.strip()}")


def _backlog() -> int:
    from desk import mailbox

    return mailbox.backlog()["in"]
