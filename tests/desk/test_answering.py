"""Answers: held back so that they can be undone, delivered, refused, sent again; two at once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from desk import answering, casework, drafts, mailbox, requests
from desk.answering import Overtaken, Seen, TooLate
from desk.chat.bubbles import bubbles
from desk.mailbox import Delivery, Outcome, database
from desk.mailbox import statements as sql
from desk.models import Conversation, InformationRequest, Message
from tests.desk.conftest import asked, assistant_says, talk

pytestmark = pytest.mark.django_db

State = InformationRequest.State


def again(request: InformationRequest) -> InformationRequest:
    return InformationRequest.objects.get(pk=request.pk)


def sent(who: Any, request: InformationRequest, text: str = "800 lari.") -> None:
    casework.do_answer(who, request.pk, key=f"desk:{uuid.uuid4()}", text=text)


def due(request: InformationRequest) -> None:
    """The ten seconds have passed."""
    Message.objects.filter(request=request, send_after__isnull=False).update(
        send_after=timezone.now() - timedelta(seconds=1)
    )


def delivery() -> Delivery | None:
    return mailbox.claim_delivery(f"s{uuid.uuid4().hex[:6]}", "telegram")


def deliver(outcome: Outcome = Outcome.SENT) -> None:
    """Send everything that may be sent, each with this outcome."""
    while (one := delivery()) is not None:
        mailbox.settle(one, outcome, error="" if outcome is Outcome.SENT else "code")
        mailbox.release_delivery(one.sender, one.conversation_id)


# --- undoing -----------------------------------------------------------------------------------


def test_nothing_is_delivered_before_its_time_and_the_assistant_is_not_held_up(
    jonas: Any,
) -> None:
    request = asked()
    sent(jonas, request)
    assistant_says(request.conversation, "Good day")
    first = delivery()
    assert first is not None
    assert first.text == "Good day"
    mailbox.release_delivery(first.sender, first.conversation_id)
    Message.objects.filter(pk=first.message_id).update(state="sent")
    assert delivery() is None
    due(request)
    second = delivery()
    assert second is not None
    assert "800 lari." in second.text


def test_undoing_gives_back_the_state_and_the_text(jonas: Any) -> None:
    request = asked()
    casework.do_set_state(jonas, request.pk, "with_country_office")
    drafts.do_save_draft(jonas, request.pk, drafts.Written(0, "First.\n---\nSecond."))
    sent(jonas, request, "First.\n---\nSecond.")
    assert answering.undo_until(again(request)) is not None
    answering.do_undo(jonas, request.pk)
    now = again(request)
    assert (now.state, now.closed_at) == (State.WITH_COUNTRY_OFFICE, None)
    draft = drafts.draft_of(now)
    assert (draft.text, draft.sent) == ("First.\n---\nSecond.", False)
    assert set(Message.objects.values_list("state", flat=True)) == {"withdrawn"}
    due(request)
    assert delivery() is None
    assert answering.undo_until(now) is None
    assert requests.requests_of(request.conversation_id)[0].answer == ""


def test_a_decline_can_be_undone_as_well(jonas: Any) -> None:
    request = asked()
    casework.do_decline(jonas, request.pk, reason="asylum", key="desk:1")
    answering.do_undo(jonas, request.pk)
    assert (again(request).state, again(request).declined_because) == (State.TAKEN, "")


def test_after_its_time_it_is_too_late_and_nothing_changes(jonas: Any) -> None:
    request = asked()
    sent(jonas, request)
    due(request)
    with pytest.raises(TooLate):
        answering.do_undo(jonas, request.pk)
    assert again(request).state == State.SENT
    assert Message.objects.get().state == "waiting"


def test_a_part_that_is_already_being_sent_keeps_the_whole_from_being_undone(jonas: Any) -> None:
    request = asked()
    sent(jonas, request, "First.\n---\nSecond.")
    # As a sender whose clock goes ahead would do it.
    first, second = Message.objects.order_by("pk")
    Message.objects.filter(pk=first.pk).update(state="sending")
    with pytest.raises(TooLate):
        answering.do_undo(jonas, request.pk)
    assert again(request).state == State.SENT
    second.refresh_from_db()
    assert second.state == "waiting"


def test_a_row_that_was_taken_back_is_not_sent_although_a_sender_had_found_it(
    jonas: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked()
    sent(jonas, request)
    due(request)
    change = database.change

    def and_meanwhile(statement: str, parameters: Any) -> int:
        if statement == sql.HOLD_FOR_DELIVERY:
            Message.objects.filter(request=request).update(state="withdrawn")
        return change(statement, parameters)

    monkeypatch.setattr(database, "change", and_meanwhile)
    assert delivery() is None
    assert Message.objects.get().state == "withdrawn"
    assert Conversation.objects.get(pk=request.conversation_id).sender == ""


def test_the_chat_page_shows_it_only_when_it_is_due_and_never_what_was_undone(jonas: Any) -> None:
    request = asked(talk(channel="web"))
    sent(jonas, request)
    row = Message.objects.get()
    assert bubbles(request.conversation) == []
    assert mailbox.web_arrived(request.conversation_id, [row.pk]) == 0
    due(request)
    assert [one.id for one in bubbles(request.conversation)] == [row.pk]
    Message.objects.update(state="withdrawn")
    assert bubbles(request.conversation) == []


# --- delivery ----------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["telegram", "web"])
def test_an_answer_that_has_arrived_makes_the_request_delivered(channel: str, jonas: Any) -> None:
    request = asked(talk(channel=channel))
    sent(jonas, request, "First.\n---\nSecond.")
    due(request)
    if channel == "web":
        first, second = Message.objects.order_by("pk").values_list("pk", flat=True)
        mailbox.web_arrived(request.conversation_id, [first])
        assert again(request).state == State.SENT
        mailbox.web_arrived(request.conversation_id, [second])
        mailbox.web_arrived(request.conversation_id, [second])
    else:
        deliver()
    assert again(request).state == State.DELIVERED
    assert request.events.filter(kind="state", state="delivered").count() == 1
    casework.do_close(jonas, request.pk)
    assert again(request).state == State.CLOSED


def test_an_answer_that_perhaps_arrived_stays_sent(jonas: Any) -> None:
    request = asked()
    sent(jonas, request)
    due(request)
    deliver(Outcome.UNKNOWN)
    assert again(request).state == State.SENT


def test_a_refused_answer_comes_back_to_the_desk_and_is_sent_again_once(jonas: Any) -> None:
    request = asked()
    sent(jonas, request)
    due(request)
    deliver(Outcome.REFUSED)
    now = again(request)
    assert (now.state, now.closed_at) == (State.CHECKED, None)
    old = Message.objects.get()
    first = answering.do_resend(jonas, request.pk, old.pk)
    second = answering.do_resend(jonas, request.pk, old.pk)
    assert first == second
    assert (first.text, first.payload) == (old.text, old.payload)
    assert Message.objects.count() == 2
    old.refresh_from_db()
    assert (old.state, old.resent_as) == ("failed", first)
    assert again(request).state == State.SENT
    deliver()
    assert again(request).state == State.DELIVERED


def test_what_a_person_who_blocks_us_has_not_got_is_not_sent_twice(jonas: Any) -> None:
    request = asked()
    sent(jonas, request)
    due(request)
    deliver(Outcome.BLOCKED)
    old = Message.objects.get()
    assert old.state == "waiting"
    new = answering.do_resend(jonas, request.pk, old.pk)
    old.refresh_from_db()
    assert (old.state, old.error) == ("withdrawn", "sent_again")
    tried = delivery()
    assert tried is not None
    assert tried.message_id == new.pk
    mailbox.settle(tried, Outcome.SENT)
    mailbox.release_delivery(tried.sender, tried.conversation_id)
    follows = delivery()
    assert follows is not None
    assert follows.kind == "rating"  # did it help?
    mailbox.settle(follows, Outcome.SENT)
    mailbox.release_delivery(follows.sender, follows.conversation_id)
    assert delivery() is None
    assert again(request).state == State.DELIVERED


@pytest.mark.parametrize("state", ["sent", "waiting", "sending", "withdrawn"])
def test_what_arrived_or_is_still_tried_is_not_sent_again(state: str, jonas: Any) -> None:
    request = asked()
    sent(jonas, request)
    Message.objects.update(state=state)
    with pytest.raises(casework.NotPossible):
        answering.do_resend(jonas, request.pk, Message.objects.get().pk)
    assert Message.objects.count() == 1


def test_a_follow_up_opens_the_request_with_a_new_date(jonas: Any) -> None:
    request = asked()
    sent(jonas, request)
    due(request)
    deliver()
    long_ago = timezone.localdate() - timedelta(days=60)
    InformationRequest.objects.update(promised_on=long_ago)
    status = requests.add_information(request.conversation_id, request.reference, "And?", "m:1")
    assert status.state == State.TAKEN
    assert status.promised_on > timezone.localdate()


# --- what the counsellor has seen --------------------------------------------------------------


def last_line(request: InformationRequest) -> int:
    return request.events.order_by("-pk")[0].pk


def test_what_the_person_adds_meanwhile_is_shown_before_anything_is_sent(jonas: Any) -> None:
    request = asked()
    casework.do_take(jonas, request.pk)
    seen = Seen(last_line(request))
    casework.do_note(jonas, request.pk, "My own note is no news to me.")
    requests.add_information(request.conversation_id, request.reference, "For two people", "m:1")
    with pytest.raises(Overtaken) as told:
        casework.do_answer(jonas, request.pk, key="desk:1", text="800 lari.", seen=seen)
    assert [event.text for event in told.value.events] == ["For two people"]
    assert not Message.objects.exists()
    casework.do_answer(
        jonas, request.pk, key="desk:1", text="800 lari.", seen=Seen(last_line(request))
    )
    assert Message.objects.count() == 1


def test_a_colleagues_draft_is_not_overwritten_unseen(jonas: Any, petra: Any) -> None:
    request = asked()
    seen = Seen(last_line(request), draft_version=0)
    drafts.do_save_draft(petra, request.pk, drafts.Written(0, "Petra's text"))
    with pytest.raises(Overtaken) as told:
        casework.do_answer(jonas, request.pk, key="desk:1", text="Mine", seen=seen)
    assert told.value.draft is not None
    assert told.value.draft.text == "Petra's text"


def test_the_page_shows_the_news_and_keeps_the_text(
    jonas: Any, log_in: Callable[[Any], Client]
) -> None:
    request = asked()
    client = log_in(jonas)
    seen = client.get(reverse("request", args=[request.reference])).context["seen"]
    requests.add_information(request.conversation_id, request.reference, "For two people", "m:1")
    form = {"key": str(uuid.uuid4()), "text": "My long answer.", "seen": seen, "version": 0}
    response = client.post(reverse("request-answer", args=[request.reference]), form)
    assert response.status_code == 409
    html = response.content.decode()
    assert html.index("For two people") < html.index("My long answer.")
    assert drafts.draft_of(request).text == "My long answer."
    form["seen"] = response.context["seen"]
    form["version"] = drafts.draft_of(request).version
    response = client.post(reverse("request-answer", args=[request.reference]), form)
    assert response.status_code == 302
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_press_send_at_the_same_moment_one_is_told_and_nothing_is_sent_twice(
    jonas: Any, petra: Any, log_in: Callable[[Any], Client]
) -> None:
    request = asked()
    address = reverse("request-answer", args=[request.reference])
    seen = last_line(request)
    start = threading.Barrier(2)
    statuses: dict[str, int] = {}
    pages: dict[str, str] = {}

    def press(who: Any) -> None:
        client = log_in(who)
        form = {"key": str(uuid.uuid4()), "text": f"Answer of {who}", "seen": seen, "version": 0}
        start.wait()
        try:
            response = client.post(address, form)
            statuses[who.username] = response.status_code
            pages[who.username] = response.content.decode()
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(one,)) for one in (jonas, petra)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses.values()) == [302, 409]
    assert Message.objects.filter(request=request).count() == 1
    slower = next(name for name, status in statuses.items() if status == 409)
    assert f"Answer of {slower}" in pages[slower]
    assert "has this request" in pages[slower]


@pytest.mark.django_db(transaction=True)
def test_undo_and_the_sender_at_the_same_moment_end_with_one_of_the_two(jonas: Any) -> None:
    request = asked()
    sent(jonas, request, "First.\n---\nSecond.")
    # Both may: for the sender it is due, for who undoes it is not yet.
    Message.objects.update(send_after=timezone.now() + timedelta(seconds=5))
    start = threading.Barrier(2)
    ends: list[str] = []

    def undo() -> None:
        start.wait()
        try:
            answering.do_undo(jonas, request.pk)
            ends.append("undone")
        except TooLate:
            ends.append("too late")
        finally:
            connection.close()

    def send() -> None:
        start.wait()
        try:
            rows = Message.objects.filter(state="waiting").order_by("pk")
            first = rows.values_list("pk", flat=True).first()
            if first and database.change(sql.BEGIN_SENDING, [first]):
                ends.append("sending")
            else:
                ends.append("nothing to send")
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for one in (undo, send)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    states = list(Message.objects.order_by("pk").values_list("state", flat=True))
    assert (sorted(ends), states) in (
        (["nothing to send", "undone"], ["withdrawn", "withdrawn"]),
        (["sending", "too late"], ["sending", "waiting"]),
    )
