"""A desk with many requests: drawn with a seed, written in bulk, all through the real models."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from desk import mailbox
from desk.crypto import word_hash
from desk.models import (
    Conversation,
    Counsellor,
    InformationRequest,
    ListSettings,
    Message,
    RequestEvent,
    Team,
)
from desk.references import REFERENCE_LETTERS
from desk.search_index import beginnings
from wegweiser.folding import words

SEED = 20261123
CHUNK = 5_000
COUNSELLORS = 50
LIVE = 30
COUNTRIES = (
    "ER",
    "SY",
    "AF",
    "GE",
    "TR",
    "IQ",
    "SO",
    "NG",
    "LK",
    "UA",
    "XK",
    "AL",
    "RS",
    "MA",
    "DZ",
)
RARE = ("PE", "MN", "FJ", "BT")
TOPICS = ("medical", "housing", "work", "education", "social", "family", "business", "documents")
LANGUAGES = ("ti", "ar", "fa", "tr", "ru", "uk", "sq", "sr", "ka", "ku", "ps", "so", "en", "fr")
STATES = (
    ("received", 12),
    ("taken", 16),
    ("with_country_office", 12),
    ("delivered", 30),
    ("closed", 26),
    ("declined", 4),
)


class Sentences:
    """What people write, by language: the training examples."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self.by_language = {
            path.stem: re.findall(r"^    - (.+)$", path.read_text("utf-8"), re.MULTILINE)
            for path in sorted(Path("data/nlu").glob("*.yml"))
        }

    def some(self, language: str, number: int) -> str:
        known = self.by_language.get(language) or self.by_language["en"]
        return " ".join(self._draw.choice(known) for _ in range(number))


def fill(number: int) -> None:
    """Write counsellors, live conversations and this many requests, four in ten of them open."""
    draw = random.Random(SEED)
    counsellors = _counsellors()
    _live(counsellors, draw)
    sentences = Sentences(draw)
    for first in range(0, number, CHUNK):
        with transaction.atomic():
            _chunk(range(first, min(first + CHUNK, number)), counsellors, sentences, draw)
    last = RequestEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
    # They looked an hour ago: a few hundred events are news to everybody.
    ListSettings.objects.bulk_create(
        ListSettings(counsellor=one, seen_event=last - 400) for one in counsellors
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _counsellors() -> list[Counsellor]:
    teams = [Team.objects.create(name=f"Team {n}") for n in range(4)]
    made = []
    for n in range(COUNSELLORS):
        one = Counsellor.objects.create(username=f"c{n}", first_name=f"Counsellor {n}")
        one.groups.set(Group.objects.filter(name="supervisor" if n == 0 else "counsellor"))
        if n % 2:
            one.teams.add(teams[n % len(teams)])
        made.append(one)
    return made


def _live(counsellors: list[Counsellor], draw: random.Random) -> None:
    for n in range(LIVE):
        one = mailbox.conversation_for("web" if n < 10 else "telegram", f"live-{n}")
        held = n < 20
        Conversation.objects.filter(pk=one.pk).update(
            language=draw.choice(LANGUAGES),
            host_country="CH",
            country=draw.choice(COUNTRIES),
            topic="ask_amount",
            handled_by=counsellors[n] if held else None,
            waiting_since=None if held else timezone.now(),
            danger_since=timezone.now() if n in (28, 29) else None,
        )
        Message.objects.bulk_create(
            Message(conversation=one, key=f"live:{n}:{m}", direction="in", author="person",
                    text="Hello", state="done")
            for m in range(20)
        )  # fmt: skip


def _chunk(
    numbers: range, counsellors: list[Counsellor], sentences: Sentences, draw: random.Random
) -> None:
    now = timezone.now()
    talks = Conversation.objects.bulk_create(
        Conversation(channel="telegram", address_hash=f"bench-{n}", address=f"{n}", language="ti")
        for n in numbers
    )
    rows = [
        _request(n, talk, counsellors, sentences, draw)
        for n, talk in zip(numbers, talks, strict=True)
    ]
    requests = InformationRequest.objects.bulk_create(rows)
    for one in requests:
        _date(one, now, draw)
    with connection.cursor() as cursor:
        # Django writes the present moment into these columns, whatever it is given.
        cursor.executemany(
            "UPDATE desk_informationrequest SET created_at = %s WHERE id = %s",
            [(_adapted(one.created_at), one.pk) for one in requests],
        )
    events = [RequestEvent(request=one, kind="opened") for one in requests]
    texts = {one.pk: [one.question] for one in requests}
    for one in requests:
        if one.taken_by_id:
            events.append(RequestEvent(request=one, kind="taken", counsellor_id=one.taken_by_id))
        if one.closed_at:
            answer = sentences.some("de", 3)
            texts[one.pk].append(answer)
            events.append(
                RequestEvent(request=one, kind="answer", text=answer, counsellor_id=one.taken_by_id)
            )
    RequestEvent.objects.bulk_create(events, batch_size=500)
    _index(texts)


def _date(one: InformationRequest, now: datetime, draw: random.Random) -> None:
    """When it came: for a closed one, so that it was closed when the row says."""
    if one.closed_at is None:
        one.created_at = now - timedelta(minutes=draw.randrange(60 * 24 * 25))
    else:
        one.created_at = one.closed_at - timedelta(hours=draw.randrange(4, 700))


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _request(
    n: int,
    talk: Conversation,
    counsellors: list[Counsellor],
    sentences: Sentences,
    draw: random.Random,
) -> InformationRequest:
    state = draw.choices([s for s, _ in STATES], [w for _, w in STATES])[0]
    taken_by = None if state == "received" else draw.choice(counsellors)
    language = draw.choice(LANGUAGES)
    is_open = state in InformationRequest.OPEN_STATES
    now = timezone.now()
    return InformationRequest(
        origin_key=f"bench:{n}",
        reference=_reference(n),
        conversation=talk,
        language=language,
        host_country=draw.choice(("CH", "CH", "DE")),
        country=draw.choice(RARE if draw.random() < 0.002 else COUNTRIES),
        topic=draw.choice(TOPICS),
        question=sentences.some(language, 3),
        state=state,
        taken_by=taken_by,
        team_id=draw.choice((None, 1, 2, 3, 4)),
        promised_on=(now + timedelta(days=draw.randrange(-5, 30))).date(),
        closed_at=None if is_open else now - timedelta(minutes=draw.randrange(60 * 24 * 300)),
    )


def _reference(n: int) -> str:
    """A reference of our shape, a different one for each number."""
    letters = []
    for _ in range(5):
        n, at = divmod(n, len(REFERENCE_LETTERS))
        letters.append(REFERENCE_LETTERS[at])
    return f"{''.join(letters[:3])}-{''.join(letters[3:])}4"


_hashes: dict[str, int] = {}


def _index(texts: dict[int, list[str]]) -> None:
    rows = sorted(set(_index_rows(texts)))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy("COPY desk_searchword (word, request_id) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(
                "INSERT INTO desk_searchword (word, request_id) VALUES (%s, %s)", rows
            )


def _index_rows(texts: dict[int, list[str]]) -> Iterator[tuple[int, int]]:
    for pk, found in texts.items():
        for text in found:
            for word in words(text):
                for beginning in beginnings(word):
                    if beginning not in _hashes:
                        _hashes[beginning] = word_hash(beginning)
                    yield _hashes[beginning], pk


def vocabulary(number: int) -> list[str]:
    """Words that somebody may look for, drawn as often as people write them."""
    draw = random.Random(SEED + 1)
    sentences = Sentences(draw)
    every = [
        word for some in sentences.by_language.values() for text in some for word in words(text)
    ]
    return draw.choices(every, k=number)
