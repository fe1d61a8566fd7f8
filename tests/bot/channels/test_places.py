"""A flood has one place while anybody else writes, however often that one has written before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bot.channels.places import BUSY_PLACE_S, OTHERS_WRITE_FOR_S, Places
from desk import mailbox
from desk.mailbox import Incoming, Turn
from desk.models import Conversation, Message

pytestmark = pytest.mark.django_db


class Clock:
    """The time as the test tells it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def turn_of(person: str, *, answered_s_ago: float | None, surplus: bool = False) -> Turn:
    """The next turn of somebody who was answered so long ago."""
    number = Message.objects.count()
    received = mailbox.receive(Incoming("telegram", person, f"tg:{number}", "Hello"))
    Message.objects.update(surplus=surplus)
    if answered_s_ago is not None:
        moment = timezone.now() - timedelta(seconds=answered_s_ago)
        Conversation.objects.filter(pk=received.conversation_id).update(worker_until=moment)
    turn = mailbox.claim_turn(f"w{number}")
    assert turn is not None
    mailbox.commit_turn(turn, [])
    return turn


def test_who_talks_in_an_ordinary_pace_keeps_the_others_places_free(clock: Clock) -> None:
    """As in ``bench.flood``: a message each two and a half seconds, beside fifty chats."""
    places = Places(clock)
    places.begins(turn_of("501", answered_s_ago=None))
    for _ in range(10):
        clock.now += 2.5
        places.begins(turn_of("501", answered_s_ago=2.5))
    busy = turn_of("601", answered_s_ago=0.1)
    assert places.has_one_for_busy()
    places.begins(busy)
    assert not places.has_one_for_busy()
    places.ends(busy)
    assert places.has_one_for_busy()


@pytest.mark.parametrize(("answered_s_ago", "surplus"), [(0.1, False), (60.0, True)])
def test_a_flood_renews_nothing_and_has_all_places_when_it_is_alone(
    answered_s_ago: float, surplus: bool, clock: Clock
) -> None:
    places = Places(clock)
    places.begins(turn_of("501", answered_s_ago=None))
    clock.now += OTHERS_WRITE_FOR_S - 0.1
    places.begins(turn_of("601", answered_s_ago=answered_s_ago, surplus=surplus))
    assert not places.has_one_for_busy()
    clock.now += 0.2
    assert places.has_one_for_busy()


def test_a_turn_that_waits_for_something_itself_is_in_nobodys_way(clock: Clock) -> None:
    places = Places(clock)
    places.begins(turn_of("501", answered_s_ago=None))
    places.begins(turn_of("601", answered_s_ago=0.1))
    assert not places.has_one_for_busy()
    clock.now += BUSY_PLACE_S
    assert places.has_one_for_busy()
