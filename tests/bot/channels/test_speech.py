"""What Rasa hears of a turn, and what becomes of what it says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage

from bot.channels.speech import COMMANDS, answers_of, heard
from desk.mailbox import Answer, Button, Turn


def turn(text: str = "", **more: Any) -> Turn:
    known: dict[str, Any] = {
        "worker": "w",
        "message_id": 1,
        "conversation_id": "c",
        "channel": "telegram",
        "kind": "text",
        "text": text,
        "payload": "",
        "language": "",
        "language_hint": "",
        "attempt": 1,
    }
    return Turn(**known | more)


@pytest.mark.parametrize(
    ("typed", "rasa_hears"),
    [
        ("/start", "/greet"),
        ("/start ch", '/greet{"host_country": "CH"}'),
        ("/start DE", '/greet{"host_country": "DE"}'),
        ("/start {}", "/greet"),
        ("/start ch_ar", '/greet{"host_country": "CH", "language": "ar"}'),
        ("/start DE-ti", '/greet{"host_country": "DE", "language": "ti"}'),
        ("/start lang_de", '/greet{"language": "de"}'),
        ("/start ch_xx", '/greet{"host_country": "CH"}'),
        ("/start ar", "/greet"),
        ("/start ch_ar_x", '/greet{"host_country": "CH"}'),
        ("/help", "/help"),
        ("/help@wegweiser_bot", "/help"),
        ("/language", "/change_language"),
        ("/language fr", '/change_language{"language": "fr"}'),
        ("/language {x}", "/change_language"),
        ("/status", "/check_request"),
        ("/stop", "/stop"),
        ("/human", "/request_human"),
        ("/delete", "/delete_my_data"),
        ("/ask_amount", "ask_amount"),
        ('/inform{"host_country": "CH"}', 'inform{"host_country": "CH"}'),
        ("/HELP", "HELP"),
        ("  /affirm", "affirm"),
        ("\u200b/affirm", "affirm"),
        ("\u2066 \u200f//affirm", "affirm"),
        ("／affirm", "affirm"),
        ("∕affirm", "affirm"),
        ("/\u200b/affirm", "affirm"),
        ("/", ""),
        ("1/2 or 3/4?", "1/2 or 3/4?"),
    ],
)
def test_typed_text_is_never_an_intent(typed: str, rasa_hears: str) -> None:
    assert heard(turn(typed)) == [rasa_hears]


@given(st.text())
def test_no_text_at_all_becomes_an_intent(text: str) -> None:
    payloads = set(COMMANDS.values())
    for said in heard(turn(text)):
        said.encode()
        # As Rasa looks at it: stripped twice.
        rasa_sees = (UserMessage(said).text or "").strip()
        assert not rasa_sees.startswith("/") or rasa_sees.partition("{")[0] in payloads


def test_only_our_own_button_speaks_in_intents() -> None:
    assert heard(turn("Yes", payload="/affirm", kind="button")) == ["/affirm"]
    assert heard(turn("/affirm", kind="button")) == ["affirm"]
    assert heard(turn("old", kind="expired_button")) == ['/inform{"media": "expired_button"}']


def test_a_picture_with_words_is_two_messages() -> None:
    assert heard(turn("/affirm", kind="photo")) == ['/inform{"media": "photo"}', "affirm"]
    assert heard(turn(" ", kind="voice")) == ['/inform{"media": "voice"}']


def test_rasas_messages_become_answers() -> None:
    assert answers_of({"text": "Hello"}) == [Answer("Hello")]
    question = {
        "text": "First.\n\n---\n\nWhich?",
        "buttons": [{"title": "Yes", "payload": "/affirm"}, {"title": "", "payload": "/x"}],
        "answer_language": "fr",
    }
    assert answers_of(question) == [
        Answer("First.", language="fr"),
        Answer("Which?", (Button("Yes", "/affirm"),), language="fr"),
    ]
    assert answers_of({"text": "", "custom": {"kind": "venue", "lat": 1}}) == [
        Answer("", kind="venue", data={"kind": "venue", "lat": 1})
    ]
    assert answers_of({"text": "  ", "custom": None}) == []
