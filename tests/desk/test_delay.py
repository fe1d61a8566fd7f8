"""How much waits for us, since when, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from desk import mailbox
from desk.console.delay import LATE_AFTER_S
from desk.mailbox import statements
from desk.models import Conversation, Message
from tests.desk.conftest import assistant_says, said, talk

pytestmark = pytest.mark.django_db


def since(minutes: int, *rows: int) -> None:
    written = timezone.now() - timedelta(minutes=minutes)
    Message.objects.filter(pk__in=rows).update(created_at=written)


def test_length_and_age_of_both_queues() -> None:
    assert mailbox.backlog() == {"in": 0, "oldest_in_s": 0, "out": 0, "oldest_out_s": 0}
    since(3, said(talk(), "one"))
    said(talk(), "two")
    since(2, assistant_says(talk(), "answer"))
    found = mailbox.backlog()
    assert (found["in"], found["out"]) == (2, 1)
    assert found["oldest_in_s"] in (180, 181)
    assert found["oldest_out_s"] in (120, 121)


def test_what_waits_for_the_person_does_not_wait_for_us(jonas: Any) -> None:
    blocked, held, web = talk(), talk(), talk(channel="web")
    assistant_says(blocked, "answer")
    said(held, "Hello")
    assistant_says(web, "answer")
    Conversation.objects.filter(pk=blocked.pk).update(blocked_at=timezone.now())
    Conversation.objects.filter(pk=held.pk).update(handled_by=jonas)
    assert mailbox.backlog() == {"in": 0, "oldest_in_s": 0, "out": 0, "oldest_out_s": 0}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's words for a plan")
def test_counting_looks_at_waiting_rows_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + statements.BACKLOG)
        plan = " ".join(str(row[3]) for row in cursor.fetchall())
    assert "INDEX message_waiting" in plan


@pytest.mark.parametrize(("way", "words"), [("in", "answers late"), ("out", "reach people late")])
def test_the_desk_is_told_after_some_minutes(
    way: str, words: str, jonas: Any, log_in: Callable[..., Any]
) -> None:
    row = said(talk(), "Hello") if way == "in" else assistant_says(talk(), "Hello")
    since(LATE_AFTER_S // 60 - 1, row)
    assert words not in log_in(jonas).get("/desk/").content.decode()
    since(LATE_AFTER_S // 60 + 2, row)
    page = log_in(jonas).get("/desk/").content.decode()
    assert words in page
    assert "7 minutes" in page


def test_nobody_else_is_told(log_in: Callable[..., Any]) -> None:
    since(60, said(talk(), "Hello"))
    assert "late" not in log_in(None).get("/desk/login/", follow=True).content.decode()
