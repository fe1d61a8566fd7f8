"""Live conversations: the queue, passing on, typing, and the last line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from desk import conversations, mailbox, requests
from desk.conversations import HeldByColleague, NotHeld
from desk.models import Conversation, Counsellor, DeskEvent, Message
from desk.typing_signs import counsellor_types, person_types
from tests.desk.conftest import account, said, talk, team
from wegweiser.texts import languages, response

pytestmark = pytest.mark.django_db

LogIn = Callable[[Any], Client]


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk is staffed."""
    moment = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Zurich"))
    started = timezone.now()
    real = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment + (real() - started))


def held_by(counsellor: Counsellor, **changes: Any) -> Conversation:
    conversation = talk(**changes)
    requests.ask_for_person(conversation.pk)
    conversations.do_take_over(counsellor, conversation.pk)
    return again(conversation)


def again(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def last_text(conversation: Conversation) -> str:
    return conversation.messages.filter(direction="out").latest("id").text


# --- passing on --------------------------------------------------------------------------------


def test_a_colleague_has_it_at_once_and_the_person_is_told(
    jonas: Counsellor, petra: Counsellor
) -> None:
    conversation = held_by(jonas)
    conversations.do_pass_on(jonas, conversation.pk, petra)
    now = again(conversation)
    assert (now.handled_by, now.passed_on_by, now.waiting_since) == (petra, jonas, None)
    assert last_text(now) == response("en", "utter_counsellor_passed_on")
    event = DeskEvent.objects.latest("id")
    assert (event.kind, event.counsellor, event.account) == ("passed_on", jonas, petra)
    with pytest.raises(HeldByColleague):
        conversations.do_write(jonas, conversation.pk, key="desk:1", text="One more thing")


def test_the_one_who_gets_it_sees_it_until_they_open_it(
    jonas: Counsellor, petra: Counsellor, log_in: LogIn
) -> None:
    conversation = held_by(jonas)
    conversations.do_pass_on(jonas, conversation.pk, petra)
    client = log_in(petra)
    page = client.get(reverse("console"))
    assert "passed on by Jonas" in page.content.decode()
    assert page.context["needing"] == 1
    log_in(jonas).get(reverse("conversation", args=[conversation.pk]))
    assert again(conversation).passed_on_by == jonas, "only the receiver's opening counts"
    client.get(reverse("conversation", args=[conversation.pk]))
    assert "passed on by" not in client.get(reverse("console")).content.decode()


def test_it_reaches_a_colleague_of_another_team(jonas: Counsellor, petra: Counsellor) -> None:
    from desk.console.access import conversations_for

    team("Bern", "CH", jonas)
    team("Nürnberg", "DE", petra)
    conversation = held_by(jonas)
    assert not conversations_for(petra).exists()
    conversations.do_pass_on(jonas, conversation.pk, petra)
    assert conversations_for(petra).get() == conversation


def test_a_team_finds_it_in_its_queue_and_the_assistant_helps_meanwhile(
    jonas: Counsellor, petra: Counsellor
) -> None:
    german = team("Nürnberg", "DE", petra)
    requests.ask_for_person(talk(host_country="DE").pk)
    conversation = held_by(jonas)
    said(conversation, "Meanwhile to Jonas")
    conversations.do_pass_on(jonas, conversation.pk, german)
    now = again(conversation)
    assert (now.handled_by, now.team) == (None, german)
    assert now.waiting_since is not None
    assert last_text(now) == response("en", "utter_counsellor_to_team", {"before": "1"})
    assert mailbox.claim_turn("worker") is None, "what was for Jonas is not answered late"
    said(conversation, "And to whoever is there")
    assert mailbox.claim_turn("worker") is not None


def test_outside_its_hours_the_person_is_told_when_somebody_is_there(
    jonas: Counsellor, petra: Counsellor
) -> None:
    german = team("Nürnberg", "DE", petra, hours="Tue 14:00-16:00")
    conversation = held_by(jonas, language="de")
    conversations.do_pass_on(jonas, conversation.pk, german)
    assert "Dienstag, 24. November 2026" in last_text(conversation)


def test_whoever_waits_keeps_their_place_in_another_queue(
    jonas: Counsellor, petra: Counsellor
) -> None:
    german = team("Nürnberg", "DE", petra)
    conversation = talk()
    requests.ask_for_person(conversation.pk)
    since = again(conversation).waiting_since
    conversations.do_pass_on(jonas, conversation.pk, german)
    assert again(conversation).waiting_since == since


def test_what_the_assistant_was_asked_is_still_answered_in_another_queue(
    jonas: Counsellor, petra: Counsellor
) -> None:
    german = team("Nürnberg", "DE", petra)
    conversation = talk()
    requests.ask_for_person(conversation.pk)
    said(conversation, "What is RAS?")
    conversations.do_pass_on(jonas, conversation.pk, german)
    assert mailbox.claim_turn("worker") is not None


def test_what_the_assistant_was_asked_is_for_the_colleague_who_gets_it(
    jonas: Counsellor, petra: Counsellor
) -> None:
    conversation = talk()
    requests.ask_for_person(conversation.pk)
    said(conversation, "What is RAS?")
    conversations.do_pass_on(jonas, conversation.pk, petra)
    assert conversation.messages.get(direction="in").state == Message.State.DONE


def test_pressing_twice_tells_once(jonas: Counsellor, petra: Counsellor, ruth: Counsellor) -> None:
    conversation = held_by(jonas)
    for _ in range(2):
        conversations.do_pass_on(ruth, conversation.pk, petra)
    assert DeskEvent.objects.filter(kind="passed_on").count() == 1


def test_only_the_holder_or_a_supervisor_passes_on(
    jonas: Counsellor, petra: Counsellor, ruth: Counsellor
) -> None:
    conversation = held_by(jonas)
    with pytest.raises(HeldByColleague):
        conversations.do_pass_on(petra, conversation.pk, petra)
    conversations.do_pass_on(ruth, conversation.pk, petra)
    assert again(conversation).handled_by == petra


def test_nobody_is_passed_on_who_asked_for_nobody(jonas: Counsellor, petra: Counsellor) -> None:
    with pytest.raises(NotHeld):
        conversations.do_pass_on(jonas, talk().pk, petra)


def test_the_page_offers_those_who_may_talk_to_people_and_nobody_else(
    jonas: Counsellor, petra: Counsellor, ada: Counsellor, edi: Counsellor, log_in: LogIn
) -> None:
    gone = account("gone", "counsellor")
    Counsellor.objects.filter(pk=gone.pk).update(is_active=False)
    team("Empty", "CH")
    full = team("Full", "CH", petra)
    conversation = held_by(jonas)
    client, at = log_in(jonas), {"conversation_id": conversation.pk}
    form = client.get(reverse("conversation", kwargs=at)).context["pass_on_form"]
    offered = {value for _, group in form.fields["to"].choices[1:] for value, _ in group}
    assert offered == {f"counsellor:{petra.pk}", f"team:{full.pk}"}
    for value in (f"counsellor:{ada.pk}", "team:999", ""):
        refused = client.post(reverse("conversation-pass-on", kwargs=at), {"to": value})
        assert refused.status_code == 400
    assert again(conversation).handled_by == jonas


# --- the last line -----------------------------------------------------------------------------


def test_a_last_line_stays_in_the_chat_before_the_assistant_is_back(jonas: Counsellor) -> None:
    conversation = held_by(jonas, language="fr")
    conversations.do_hand_back(jonas, conversation.pk, summary="Rendez-vous mardi.")
    line, left = conversation.messages.filter(direction="out").order_by("-id")[:2][::-1]
    assert (line.author, line.counsellor) == ("counsellor", jonas)
    assert line.text.endswith("Rendez-vous mardi.")
    assert left.text == response("fr", "utter_counsellor_left")


def test_without_a_last_line_nothing_is_added(jonas: Counsellor, log_in: LogIn) -> None:
    conversation = held_by(jonas)
    at = {"conversation_id": conversation.pk}
    log_in(jonas).post(reverse("conversation-hand-back", kwargs=at), {"summary": "  "})
    assert not conversation.messages.filter(author="counsellor").exists()
    assert again(conversation).handled_by is None


def test_a_last_line_that_is_too_long_is_kept_and_nothing_is_handed_back(
    jonas: Counsellor, log_in: LogIn
) -> None:
    conversation = held_by(jonas)
    at = {"conversation_id": conversation.pk}
    long = "x" * 601
    page = log_in(jonas).post(reverse("conversation-hand-back", kwargs=at), {"summary": long})
    assert page.status_code == 400
    assert long in page.content.decode()
    assert again(conversation).handled_by == jonas


@pytest.mark.parametrize("language", [one.code for one in languages()])
def test_what_the_desk_says_is_said_in_every_language(
    language: str, jonas: Counsellor, petra: Counsellor
) -> None:
    open_now = team("Nürnberg", "DE", petra)
    closed = team("Bern", "CH", petra, hours="Tue 14:00-16:00")
    conversation = held_by(jonas, language=language)
    conversations.do_pass_on(jonas, conversation.pk, petra)
    conversations.do_pass_on(petra, conversation.pk, open_now)
    conversations.do_pass_on(petra, conversation.pk, closed)
    conversations.do_take_over(petra, conversation.pk)
    conversations.do_hand_back(petra, conversation.pk, summary="1 2 3")
    said_to_her = [one.text for one in conversation.messages.filter(direction="out")]
    assert len(said_to_her) == len(set(said_to_her)) + 1  # who joined, twice
    assert not any("{" in text for text in said_to_her)


# --- the queue ---------------------------------------------------------------------------------


def test_the_queue_shows_places_and_how_many_wait_by_team(
    jonas: Counsellor, petra: Counsellor, log_in: LogIn
) -> None:
    bern, german = team("Bern", "CH", jonas), team("Nürnberg", "DE", petra)
    people = [talk(host_country=one) for one in ("CH", "DE", "CH")]
    for person in people:
        requests.ask_for_person(person.pk)
    page = log_in(jonas).get(reverse("console"))
    assert page.context["places"] == {people[0].pk: 1, people[2].pk: 2}
    assert [(one.team, one.waiting) for one in page.context["queues"]] == [(bern, 2)]
    html = page.content.decode()
    assert "place 2" in html
    nora = account("nora", "counsellor")
    queues = log_in(nora).get(reverse("console")).context["queues"]
    assert [(one.team, one.waiting) for one in queues] == [(bern, 2), (german, 1)]


def test_somebody_seen_only_for_danger_has_no_place(
    jonas: Counsellor, petra: Counsellor, log_in: LogIn
) -> None:
    team("Bern", "CH", jonas)
    team("Nürnberg", "DE", petra)
    person = talk(host_country="DE")
    requests.ask_for_person(person.pk)
    requests.raise_danger(person.pk)
    page = log_in(jonas).get(reverse("console"))
    assert [one.pk for one in page.context["danger"]] == [person.pk]
    assert page.context["places"] == {}


# --- typing ------------------------------------------------------------------------------------


def test_who_a_counsellor_is_typing_to(jonas: Counsellor, knocks: list[str]) -> None:
    conversation = held_by(jonas)
    counsellor_types(conversation.pk, jonas.pk)
    assert mailbox.typing_to("telegram") == [conversation.address]
    assert mailbox.typing_to("web") == []


def test_it_is_shown_for_some_seconds_and_never_after_sending(jonas: Counsellor) -> None:
    conversation = held_by(jonas)
    counsellor_types(conversation.pk, jonas.pk)
    conversations.do_write(jonas, conversation.pk, key="desk:1", text="Good morning.")
    assert mailbox.typing_to("telegram") == []
    long_ago = timezone.now() - timedelta(seconds=7)
    Conversation.objects.update(counsellor_typing_at=long_ago)
    assert mailbox.typing_to("telegram") == []


def test_only_the_one_who_has_it_types(jonas: Counsellor, petra: Counsellor) -> None:
    conversation = held_by(petra)
    assert not counsellor_types(conversation.pk, jonas.pk)
    assert mailbox.typing_to("telegram") == []


def test_somebody_who_blocked_us_is_shown_nothing(jonas: Counsellor) -> None:
    conversation = held_by(jonas)
    counsellor_types(conversation.pk, jonas.pk)
    Conversation.objects.update(blocked_at=timezone.now())
    assert mailbox.typing_to("telegram") == []


def test_a_page_that_says_it_all_the_time_is_not_listened_to(jonas: Counsellor) -> None:
    conversation = held_by(jonas)
    assert counsellor_types(conversation.pk, jonas.pk)
    assert not counsellor_types(conversation.pk, jonas.pk)


def test_the_person_types_only_where_a_counsellor_sees_it(jonas: Counsellor, log_in: LogIn) -> None:
    alone = talk(channel="web")
    person_types(alone.address_hash)
    assert again(alone).person_typing_at is None
    conversation = held_by(jonas, channel="web")
    address = reverse("conversation-thread", args=[conversation.pk])
    client = log_in(jonas)
    assert "is typing" not in client.get(address).content.decode()
    person_types(conversation.address_hash)
    assert "is typing" in client.get(address).content.decode()
    said(conversation, "Here it is")
    assert "is typing" not in client.get(address).content.decode()


def test_the_chat_page_learns_that_a_counsellor_is_typing(
    jonas: Counsellor,
) -> None:
    from desk.chat import visitor

    client = Client()
    client.get(reverse("chat"))
    client.post(reverse("chat-send"), {"client_id": "abcdefgh", "text": "Hello"})
    conversation = Conversation.objects.get(channel="web")
    assert visitor.COOKIE in client.cookies
    requests.ask_for_person(conversation.pk)
    conversations.do_take_over(jonas, conversation.pk)
    address = reverse("chat-messages")
    assert client.get(address).headers["X-Counsellor"] == "here"
    counsellor_types(conversation.pk, jonas.pk)
    assert client.get(address).headers["X-Counsellor"] == "typing"
    client.post(reverse("chat-typing"))
    assert again(conversation).person_typing_at is not None


def test_handing_back_ends_it(jonas: Counsellor) -> None:
    conversation = held_by(jonas)
    counsellor_types(conversation.pk, jonas.pk)
    conversations.do_hand_back(jonas, conversation.pk)
    assert mailbox.typing_to("telegram") == []
    assert Message.objects.filter(direction="out").count() == 2
