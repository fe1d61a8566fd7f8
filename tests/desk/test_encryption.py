"""Nothing that people write, and no contact id, can be read in the database file; keys rotate."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.test import Client

from desk import casework, mailbox
from desk.key_rotation import encrypted_fields, rotate_keys
from desk.models import Conversation, InformationRequest, Message, Tracker
from tests.desk.conftest import asked, assistant_says, said, talk
from wegweiser import encryption

MARKS = {
    "what the person writes": "marmalade-one",
    "what the assistant says": "marmalade-two",
    "a button": "marmalade-three",
    "the question": "marmalade-four",
    "the place": "marmalade-five",
    "a note": "marmalade-six",
    "the answer": "marmalade-seven",
    "Rasa's memory": "marmalade-eight",
    "what was added": "marmalade-nine",
}


@pytest.fixture
def new_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Put keys into the settings for one test."""
    from wegweiser.settings import settings

    def use(*keys: str) -> None:
        monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", ",".join(keys))
        settings.cache_clear()
        encryption._fernet.cache_clear()

    yield use
    monkeypatch.undo()
    settings.cache_clear()
    encryption._fernet.cache_clear()


def write_everything(jonas: Any) -> Conversation:
    conversation = talk(channel="web")
    said(conversation, MARKS["what the person writes"])
    assistant_says(conversation, MARKS["what the assistant says"], MARKS["a button"])
    request = asked(conversation, question=MARKS["the question"], place=MARKS["the place"])
    casework.do_note(jonas, request.pk, MARKS["a note"])
    casework.do_answer(jonas, request.pk, key=f"desk:{uuid.uuid4()}", text=MARKS["the answer"])
    mailbox.save_tracker(conversation.pk, {"events": [MARKS["Rasa's memory"]]})
    from desk import requests

    requests.add_information(
        conversation.pk, request.reference, MARKS["what was added"], "said:again"
    )
    return conversation


@pytest.mark.django_db(transaction=True)
def test_the_database_file_holds_no_word_of_it(jonas: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("reads the SQLite file")
    conversation = write_everything(jonas)
    phone = Client()
    phone.get("/chat/")
    phone.post("/chat/send", {"client_id": "client-id-1", "text": "marmalade-ten"})
    cookie = phone.cookies["chat"].value.partition(":")[0]
    connection.close()
    name = str(connection.settings_dict["NAME"])
    raw = b"".join(path.read_bytes() for path in (Path(name), Path(f"{name}-wal")) if path.exists())
    assert conversation.pk.encode() in raw, "this is not the file that was written"
    for what, mark in MARKS.items():
        assert mark.encode() not in raw, what
    assert b"marmalade" not in raw
    assert conversation.address.encode() not in raw
    assert cookie.encode() not in raw


@pytest.mark.django_db
def test_every_text_column_that_people_fill_is_encrypted() -> None:
    assert {f"{model.__name__}.{field.name}" for model, field in encrypted_fields()} == {
        "Conversation.address",
        "Message.text",
        "Message.payload",
        "Tracker.snapshot",
        "InformationRequest.place",
        "InformationRequest.question",
        "InformationRequest.facts",
        "RequestEvent.text",
        "SavedView.query",
        "StoredFile.remote_id",
        "FileContent.content",
        "Draft.source",
        "Draft.text",
        "QuestionTranslation.text",
        "ArchivedAnswer.harmless",
        "ArchivedText.question",
        "ArchivedText.text",
        "QuestionVector.vector",
        "Rating.word",
        "UnreadUpdate.body",
    }


@pytest.mark.django_db
def test_after_rotating_the_old_key_can_go(jonas: Any, new_key: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    new_key(old)
    conversation = write_everything(jonas)
    new_key(new, old)
    assert rotate_keys() > 0
    new_key(new)
    assert Conversation.objects.get(pk=conversation.pk).address == conversation.address
    assert Message.objects.order_by("id").first().text == MARKS["what the person writes"]  # type: ignore[union-attr]
    assert InformationRequest.objects.get().question == MARKS["the question"]
    assert MARKS["Rasa's memory"] in json.dumps(Tracker.objects.get().snapshot)


@pytest.mark.django_db
def test_without_the_old_key_the_error_says_what_to_do(jonas: Any, new_key: Any) -> None:
    write_everything(jonas)
    new_key(Fernet.generate_key().decode())
    with pytest.raises(encryption.UnreadableText, match="FIELD_ENCRYPTION_KEYS"):
        list(Message.objects.all())


@pytest.mark.django_db
def test_a_value_written_meanwhile_is_not_overwritten(
    jonas: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = write_everything(jonas)
    real = encryption.rotate

    def somebody_writes(token: str) -> str:
        mailbox.save_tracker(conversation.pk, {"events": ["newer"]})
        return real(token)

    monkeypatch.setattr("desk.key_rotation.rotate", somebody_writes)
    rotate_keys()
    assert Tracker.objects.get().snapshot == {"events": ["newer"]}


@pytest.mark.django_db
def test_the_command_counts(jonas: Any, capsys: pytest.CaptureFixture[str]) -> None:
    write_everything(jonas)
    call_command("rotate_keys")
    assert "values are now under the first key." in capsys.readouterr().out


def test_lone_surrogates_survive() -> None:
    assert encryption.decrypt(encryption.encrypt("\ud83d broken")) == "\ud83d broken"
