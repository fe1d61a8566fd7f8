"""What pages hear: a change in what they show, and nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from desk import casework, conversations, drafts, mailbox, presence, requests
from desk.models import Conversation, Message
from desk.watch import CHAT, CONSOLE, THREAD, Watch
from tests.desk.conftest import asked, assistant_says, said, talk


@pytest.fixture
def watching(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., set[str]]:
    """A look at these topics, as often as one likes."""
    # Test and watch share one connection here, whose own writes SQLite does not count.
    monkeypatch.setattr("desk.watch._data_version", lambda: None)
    watch = Watch()

    def look(*topics: str) -> set[str]:
        return watch.look(frozenset(topics))

    return look


def test_nothing_new_is_nothing_changed(watching: Callable[..., set[str]]) -> None:
    topics = CONSOLE, f"{THREAD}{talk().pk}"
    assert watching(*topics) == set()
    assert watching(*topics) == set()


@pytest.mark.parametrize(
    "happens",
    [
        lambda one, who: asked(one),
        lambda one, who: requests.ask_for_person(one.pk),
        lambda one, who: requests.raise_danger(one.pk),
        lambda one, who: (requests.ask_for_person(one.pk), conversations.do_take_over(who, one.pk)),
    ],
    ids=["a request", "somebody waits", "danger", "taken over"],
)
def test_the_work_list_changes(
    happens: Callable[[Conversation, Any], object],
    watching: Callable[..., set[str]],
    jonas: Any,
) -> None:
    conversation = talk()
    watching(CONSOLE)
    happens(conversation, jonas)
    assert watching(CONSOLE) == {CONSOLE}
    assert watching(CONSOLE) == set()


def test_the_work_list_changes_when_somebody_takes_answers_or_adds(
    watching: Callable[..., set[str]], jonas: Any
) -> None:
    request = asked()
    watching(CONSOLE)
    casework.do_take(jonas, request.pk)
    assert watching(CONSOLE) == {CONSOLE}
    casework.do_answer(jonas, request.pk, key="desk:1", text="Yes.")
    assert watching(CONSOLE) == {CONSOLE}
    requests.add_information(request.conversation_id, request.reference, "And?", "m:1")
    assert watching(CONSOLE) == {CONSOLE}


def test_what_people_say_to_the_assistant_does_not_wake_the_desk(
    watching: Callable[..., set[str]],
) -> None:
    conversation = talk()
    watching(CONSOLE)
    said(conversation, "Hello")
    assistant_says(conversation, "Good day")
    assert watching(CONSOLE) == set()


def test_a_conversation_changes_with_each_message_and_its_delivery(
    watching: Callable[..., set[str]],
) -> None:
    mine, other = talk(), talk()
    topics = f"{THREAD}{mine.pk}", f"{THREAD}{other.pk}"
    watching(*topics)
    said(mine, "Hello")
    assert watching(*topics) == {topics[0]}
    row = assistant_says(mine, "Good day")
    assert watching(*topics) == {topics[0]}
    Message.objects.filter(pk=row).update(state="sent", settled_at=timezone.now())
    assert watching(*topics) == {topics[0]}
    assert watching(*topics) == set()


def test_a_chat_page_hears_of_its_own_messages_only(watching: Callable[..., set[str]]) -> None:
    mine, other = talk(channel="web"), talk(channel="web")
    topics = f"{CHAT}{mine.address_hash}", f"{CHAT}{other.address_hash}"
    watching(*topics)
    assistant_says(mine, "Good day")
    assert watching(*topics) == {topics[0]}
    assert watching(*topics) == set()


def test_a_message_committed_after_a_later_one_is_still_heard_of(
    watching: Callable[..., set[str]],
) -> None:
    conversation = talk(channel="web")
    topic = f"{CHAT}{conversation.address_hash}"
    late = assistant_says(conversation, "first id")
    Message.objects.filter(pk=late).update(created_at=timezone.now() - timezone.timedelta(hours=1))
    assistant_says(conversation, "second id")
    assert watching(topic) == {topic}
    Message.objects.filter(pk=late).update(created_at=timezone.now())
    assert watching(topic) == {topic}


@pytest.mark.django_db(transaction=True)
def test_on_sqlite_a_look_costs_nothing_while_nobody_writes(
    django_assert_num_queries: Any,
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no data_version")
    conversation, watch = talk(), Watch()
    topics = frozenset({CONSOLE, f"{THREAD}{conversation.pk}"})
    watch.look(topics)
    with django_assert_num_queries(1):
        watch.look(topics)

    def write() -> None:
        requests.raise_danger(conversation.pk)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(20)
    assert CONSOLE in watch.look(topics)


@pytest.mark.django_db(transaction=True)
async def test_a_stream_says_changed_at_once_and_then_when_something_does() -> None:
    from asgiref.sync import sync_to_async

    from desk.live import Live

    conversation = await sync_to_async(talk)(channel="web")
    live = Live()
    stream = live.events(frozenset({f"{CHAT}{conversation.address_hash}"}))
    assert b"event: changed" in await anext_(stream)
    waiting = asyncio.ensure_future(anext_(stream))
    await sync_to_async(assistant_says)(conversation, "Good day")
    assert b"event: changed" in await asyncio.wait_for(waiting, 10)
    await stream.aclose()
    assert live._pages == {}
    task = live._task
    assert task is not None
    await asyncio.wait_for(task, 10)  # nobody listens: nobody looks


async def anext_(stream: Any) -> bytes:
    """``anext`` as a coroutine, for Python 3.10's ``ensure_future``."""
    return await stream.__anext__()


@pytest.mark.django_db(transaction=True)
async def test_a_stream_goes_on_after_the_database_was_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from asgiref.sync import sync_to_async
    from django.db import OperationalError

    from desk import live as live_module

    monkeypatch.setattr(live_module, "REST_AFTER_ERROR_S", 0.01)
    conversation = await sync_to_async(talk)(channel="web")
    looks = iter([OperationalError("away")])
    real = Watch.look

    def look(self: Watch, topics: frozenset[str]) -> set[str]:
        for error in looks:
            raise error
        return real(self, topics)

    monkeypatch.setattr(Watch, "look", look)
    stream = live_module.Live().events(frozenset({f"{CHAT}{conversation.address_hash}"}))
    await anext_(stream)
    await sync_to_async(assistant_says)(conversation, "Good day")
    assert b"event: changed" in await asyncio.wait_for(anext_(stream), 10)
    await stream.aclose()


def test_a_web_message_counts_as_sent_only_for_the_web(db: None) -> None:
    conversation = talk(channel="telegram")
    row = assistant_says(conversation, "Good day")
    assert mailbox.web_arrived(conversation.pk, [row]) == 0
    assert Message.objects.get(pk=row).state == "waiting"


def test_an_answer_that_is_held_back_is_heard_when_it_is_due_though_nobody_writes(
    transactional_db: None, jonas: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = 1
    monkeypatch.setattr("desk.watch._data_version", lambda: version)
    request = asked(talk(channel="web"))
    topic = f"{CHAT}{request.conversation.address_hash}"
    watch = Watch()
    watch.look(frozenset({topic}))
    casework.do_answer(jonas, request.pk, key="desk:1", text="800 lari.")
    version = 2
    assert watch.look(frozenset({topic})) == set()
    assert watch.look(frozenset({topic})) == set()
    later = timezone.now() + timedelta(seconds=11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert watch.look(frozenset({topic})) == {topic}
    assert watch.look(frozenset({topic})) == set()


@pytest.mark.parametrize(
    "happens",
    [
        lambda one, who: presence.looks(who, one),
        lambda one, who: drafts.do_save_draft(who, one.pk, drafts.Written(0, "Half an ans")),
    ],
    ids=["a colleague looks", "a colleague writes"],
)
def test_an_open_request_hears_of_colleagues(
    happens: Callable[[Any, Any], object], watching: Callable[..., set[str]], jonas: Any
) -> None:
    request = asked()
    topic = f"{THREAD}{request.conversation_id}"
    watching(topic)
    happens(request, jonas)
    assert watching(topic) == {topic}
    assert watching(topic) == set()
