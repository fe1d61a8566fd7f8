"""Files of people: who decides what they are, who sees them, and that they go."""

from __future__ import annotations

import io
import itertools
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from desk import conversations, mailbox, requests
from desk.key_rotation import rotate_keys
from desk.mailbox import FileSent, Incoming, files
from desk.mailbox.files import MAX_A_DAY, MAX_BYTES, NotTaken, WantedFile, check_file
from desk.models import Conversation, DeskEvent, FileContent, Message, RequestEvent, StoredFile
from desk.retention import erase_old
from tests.desk.conftest import account, asked, talk
from tests.files import EXE, HTML, OGG, PDF, WHERE, ZIP, a_kept_file, photo
from wegweiser import encryption

pytestmark = pytest.mark.django_db

_numbers = itertools.count(1)


def sends(conversation: Conversation, **of: Any) -> int:
    """Amina sends a file; the row of its message."""
    number = next(_numbers)
    file = FileSent(**({"key": f"f:{number}", "kind": "photo", "remote_id": "r", "size": 9} | of))
    incoming = Incoming(
        conversation.channel, conversation.address, f"m:{number}", kind="photo", file=file
    )
    return mailbox.receive(incoming).message_id


def fetched(content: bytes) -> StoredFile:
    """What the fetcher would do with the next wanted file."""
    wanted = files.claim_file()
    assert wanted is not None
    assert files.keep_file(wanted, check_file(content))
    return StoredFile.objects.get(pk=wanted.id)


# --- what a file is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind", "media_type"),
    [
        (PDF, "pdf", "application/pdf"),
        (OGG, "voice", "audio/ogg"),
        (b"ID3\x03" + b"\0" * 30, "voice", "audio/mpeg"),
        (photo(), "photo", "image/jpeg"),
        (photo(kind="PNG"), "photo", "image/jpeg"),
        (photo(kind="WEBP"), "photo", "image/jpeg"),
    ],
)
def test_the_bytes_say_what_it_is(content: bytes, kind: str, media_type: str) -> None:
    checked = check_file(content)
    assert (checked.kind, checked.media_type) == (kind, media_type)


@pytest.mark.parametrize("content", [HTML, ZIP, EXE, b"hello", b"\x00\x00", b"GIF89a" + b"\0" * 40])
def test_other_kinds_are_not_taken_whatever_they_are_called(content: bytes) -> None:
    with pytest.raises(NotTaken) as refused:
        check_file(content)
    assert refused.value.problem == "wrong_type"


@pytest.mark.parametrize("content", [b"", photo()[:200], b"\xff\xd8\xff\xe0\x00\x10JFIF" + HTML])
def test_what_only_begins_like_a_photo_is_damaged(content: bytes) -> None:
    with pytest.raises(NotTaken) as refused:
        check_file(content)
    assert refused.value.problem == "unreadable"


def test_a_photo_loses_place_name_and_what_hides_behind_its_end() -> None:
    kept = check_file(photo()).content
    assert WHERE not in kept
    assert b"script" not in kept
    assert not dict(Image.open(io.BytesIO(kept)).getexif())


def test_a_photo_is_turned_upright_and_made_smaller() -> None:
    kept = Image.open(io.BytesIO(check_file(photo(3000, 1500, turned=True)).content))
    assert kept.size == (1200, 2400)


def test_a_small_file_that_unfolds_to_gigabytes_is_not_opened() -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 1_000_000
    with pytest.raises(NotTaken) as refused:
        check_file(bomb.getvalue())
    assert refused.value.problem == "too_big"


def test_more_than_ten_megabytes_are_not_taken() -> None:
    with pytest.raises(NotTaken) as refused:
        check_file(PDF + b"\0" * MAX_BYTES)
    assert refused.value.problem == "too_big"


# --- nothing without the person's consent -------------------------------------------------------


def test_nothing_is_fetched_before_the_person_agrees() -> None:
    amina = talk()
    row = sends(amina)
    assert files.offered(amina.pk, row) == files.Offered(taken=1)
    assert files.claim_file() is None
    shown = files.show(amina.pk, row)
    assert (shown.goes_to, shown.reference) == ("talk", "")
    assert files.claim_file() is not None


def test_what_is_refused_after_its_album_was_answered_is_mentioned_once() -> None:
    amina = talk()

    def comes(*numbers: int, size: int = 9) -> None:
        for number in numbers:
            file = FileSent(f"f:{number}", "photo", "r", size)
            sent = Incoming(amina.channel, amina.address, "album", kind="photo", file=file)
            mailbox.receive(sent)

    def said() -> list[str]:
        return list(Message.objects.filter(direction="out").values_list("text", flat=True))

    comes(1)
    comes(2, size=MAX_BYTES + 1)
    assert said() == [], "the answer to the album will mention it"
    turn = mailbox.claim_turn("w")
    assert turn is not None
    assert files.offered(amina.pk, turn.message_id) == files.Offered(taken=1, refused=1)
    mailbox.commit_turn(turn, [])
    comes(2, 3, 4, size=MAX_BYTES + 1)
    assert len(said()) == 1
    assert "PDF" in said()[0]


def test_it_goes_with_the_newest_open_question() -> None:
    amina = talk()
    asked(amina)
    newest = asked(amina)
    row = sends(amina)
    for _ in range(2):
        assert files.show(amina.pk, row).reference == newest.reference
    assert fetched(PDF).request == newest
    assert list(newest.events.values_list("kind", flat=True)) == ["opened", "file"]


def test_it_goes_with_the_question_that_is_added_to() -> None:
    amina = talk()
    first = asked(amina)
    asked(amina)
    row = sends(amina)
    assert files.show(amina.pk, row, reference=first.reference).reference == first.reference


def test_it_goes_with_the_question_that_is_being_written_or_nowhere() -> None:
    amina = talk()
    row, another = sends(amina), sends(amina)
    for one in (row, another):
        assert files.show(amina.pk, one, writing_request=True).goes_to == "draft"
    request = asked(amina)
    assert files.send_drafts(amina.pk, request.reference) == 2
    assert files.send_drafts(amina.pk, request.reference) == 0
    assert request.files.count() == 2
    files.show(amina.pk, sends(amina), writing_request=True)
    assert files.drop_drafts(amina.pk) == 1
    assert StoredFile.objects.filter(goes_to="draft").count() == 0


def test_somebody_elses_message_shows_nothing() -> None:
    row = sends(talk())
    assert files.show(talk().pk, row) == files.Shown()


def test_with_a_counsellor_in_the_chat_it_is_wanted_at_once(jonas: Any) -> None:
    amina = talk(handled_by=jonas)
    sends(amina)
    assert fetched(OGG).goes_to == "talk"


def test_consent_pressed_while_a_counsellor_has_the_chat_is_carried_out(jonas: Any) -> None:
    amina = talk()
    row = sends(amina)
    token = "tok"
    Message.objects.create(
        conversation=amina,
        key="shown",
        direction="out",
        author="assistant",
        token=token,
        payload={
            "buttons": [
                {"title": "Show", "payload": f'/inform{{"media": "show", "value": "{row}"}}'}
            ]
        },
    )
    conversations.do_take_over(jonas, amina.pk)
    mailbox.receive(Incoming(amina.channel, amina.address, "press", button=f"{token}:0"))
    turn = mailbox.claim_turn("worker")
    assert turn is not None
    assert turn.payload.startswith('/inform{"media": "show"')


# --- limits --------------------------------------------------------------------------------------


def test_a_person_can_send_twenty_a_day() -> None:
    amina = talk()
    rows = [sends(amina) for _ in range(MAX_A_DAY + 1)]
    assert files.offered(amina.pk, rows[-2]) == files.Offered(taken=1)
    assert files.offered(amina.pk, rows[-1]) == files.Offered(refused=1)
    StoredFile.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert files.offered(amina.pk, sends(amina)) == files.Offered(taken=1)


@pytest.mark.parametrize(
    ("of", "problem"), [({"size": MAX_BYTES + 1}, "too_big"), ({"kind": ""}, "wrong_type")]
)
def test_what_can_be_known_at_once_is_said_at_once(of: Any, problem: str) -> None:
    amina = talk()
    assert files.offered(amina.pk, sends(amina, **of)) == files.Offered(refused=1)
    one = StoredFile.objects.get()
    assert (one.problem, one.remote_id) == (problem, "")


def test_an_album_is_one_message_with_many_files() -> None:
    amina = talk()
    for number in range(3):
        file = FileSent(f"a:{number}", "photo", "r", 9)
        one = Incoming(amina.channel, amina.address, "tg:album:7", kind="photo", file=file)
        row = mailbox.receive(one).message_id
    assert files.offered(amina.pk, row) == files.Offered(taken=3)
    files.show(amina.pk, row)
    assert StoredFile.objects.filter(state="wanted").count() == 3


# --- fetching ------------------------------------------------------------------------------------


def wanted_file() -> WantedFile:
    amina = talk()
    files.show(amina.pk, sends(amina))
    found = files.claim_file()
    assert found is not None
    return found


def test_one_file_is_fetched_by_one() -> None:
    wanted_file()
    assert files.claim_file() is None


def test_after_a_crash_it_is_fetched_again_and_not_for_ever() -> None:
    first = wanted_file()
    for attempt in range(2, files.FILE_ATTEMPTS + 2):
        StoredFile.objects.update(next_try_at=timezone.now())
        again = files.claim_file()
        assert again is not None
        assert (again.id, again.attempt) == (first.id, attempt)
    assert again.is_poison


def test_trying_ends_and_the_person_is_told_once() -> None:
    found = wanted_file()
    assert files.retry_file(found)
    assert StoredFile.objects.get().next_try_at > timezone.now()  # type: ignore[operator]
    last = WantedFile(found.id, "r", files.FILE_ATTEMPTS)
    assert not files.retry_file(last)
    files.refuse_file(last, "gone")
    told = Message.objects.get(direction="out")
    assert "PDF" in told.text
    assert StoredFile.objects.get().problem == "gone"


def test_a_file_erased_while_it_was_fetched_is_not_kept() -> None:
    found = wanted_file()
    requests.erase(Conversation.objects.get().pk)
    assert not files.keep_file(found, check_file(PDF))
    files.refuse_file(found, "gone")
    assert not FileContent.objects.exists()
    assert not StoredFile.objects.exists()


# --- kept, encrypted, and gone -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_database_file_holds_nothing_of_it() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("reads the SQLite file")
    a_kept_file(asked(), PDF + b"marmalade-pdf")
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM desk_filecontent")
        (stored,) = cursor.fetchone()
    assert b"marmalade" not in stored.encode()
    assert "PDF" not in stored
    assert FileContent.objects.get().content.endswith(b"marmalade-pdf")


def test_keys_rotate_under_files_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from wegweiser.settings import settings

    def use(*keys: str) -> None:
        monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", ",".join(keys))
        settings.cache_clear()
        encryption._fernet.cache_clear()

    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    try:
        use(old)
        request = asked()
        a_kept_file(request, PDF)
        a_kept_file(request, OGG)
        use(new, old)
        rotate_keys()
        use(new)
        assert {bytes(one.content) for one in FileContent.objects.all()} == {PDF, OGG}
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        encryption._fernet.cache_clear()


def test_erasing_takes_the_files() -> None:
    request = asked()
    a_kept_file(request)
    sends(request.conversation)
    requests.erase(request.conversation.pk)
    assert not StoredFile.objects.exists()
    assert not FileContent.objects.exists()


@pytest.mark.parametrize(
    ("goes_to", "days", "stays"),
    [
        ("nobody", 1, True),
        ("nobody", 3, False),
        ("draft", 6, True),
        ("draft", 8, False),
        ("talk", 89, True),
        ("talk", 91, False),
    ],
)
def test_files_go_by_age(goes_to: str, days: int, stays: bool) -> None:
    sends(talk())
    StoredFile.objects.update(goes_to=goes_to, created_at=timezone.now() - timedelta(days=days))
    erased = erase_old()
    assert StoredFile.objects.exists() is stays
    assert erased.files == (0 if stays else 1)


def test_a_file_of_a_question_stays_as_long_as_the_question() -> None:
    request = asked()
    kept = a_kept_file(request)
    message = sends(request.conversation)
    long_ago = timezone.now() - timedelta(days=200)
    StoredFile.objects.filter(pk=kept.pk).update(created_at=long_ago, message_id=message)
    Message.objects.update(created_at=long_ago)
    erase_old()
    assert StoredFile.objects.filter(pk=kept.pk).exists()
    request.delete()
    assert not FileContent.objects.exists()


# --- who may fetch it ----------------------------------------------------------------------------


def test_a_pdf_is_a_download_in_a_sandbox_and_the_fetch_is_logged(jonas: Any, log_in: Any) -> None:
    request = asked()
    kept = a_kept_file(request)
    answer = log_in(jonas).get(reverse("file", args=[kept.pk]))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox;")
    assert answer["Cache-Control"] == "no-store"
    event = DeskEvent.objects.get(kind="fetched_file")
    assert (event.counsellor, event.request) == (jonas, request)


def test_only_sound_is_given_out_inline(jonas: Any, log_in: Any) -> None:
    request = asked()
    ways = {}
    for content in (PDF, OGG, photo()):
        kept = a_kept_file(request, content)
        answer = log_in(jonas).get(reverse("file", args=[kept.pk]))
        ways[kept.kind] = answer["Content-Disposition"].partition(";")[0]
    assert ways == {"pdf": "attachment", "voice": "inline", "photo": "attachment"}


def test_who_may_not_open_the_conversation_gets_no_file_of_it(jonas: Any, log_in: Any) -> None:
    amina = talk()
    files.show(amina.pk, sends(amina))
    kept = fetched(PDF)
    address = reverse("file", args=[kept.pk])
    assert log_in(jonas).get(address).status_code == 404
    requests.ask_for_person(amina.pk)
    assert log_in(jonas).get(address).status_code == 200
    assert log_in(account("kim")).get(address).status_code == 403
    assert log_in(None).get(address).status_code == 302


@pytest.mark.parametrize(
    "changes", [{"state": "wanted"}, {"goes_to": "draft"}, {"media_type": "text/html"}]
)
def test_what_is_not_for_a_human_is_not_given_out(jonas: Any, log_in: Any, changes: Any) -> None:
    kept = a_kept_file(asked())
    StoredFile.objects.filter(pk=kept.pk).update(**changes)
    assert log_in(jonas).get(reverse("file", args=[kept.pk])).status_code == 404
    assert not DeskEvent.objects.exists()


def test_the_page_of_a_question_names_its_files_by_kind_only(jonas: Any, log_in: Any) -> None:
    request = asked()
    kept = a_kept_file(request, OGG)
    page = log_in(jonas).get(reverse("request", args=[request.reference])).content.decode()
    assert "Voice message" in page
    assert f'controls preload="none" src="{reverse("file", args=[kept.pk])}"' in page
    assert RequestEvent.objects.filter(text="").exists()
