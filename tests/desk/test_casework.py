"""What counsellors do with requests: who holds one, what the person is told, what stays."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from desk import casework, requests
from desk.conversations import HeldByColleague
from desk.models import InformationRequest, Message, RequestEvent
from tests.desk.conftest import asked, talk

pytestmark = pytest.mark.django_db

State = InformationRequest.State


def key() -> str:
    return f"desk:{uuid.uuid4()}"


def again(request: InformationRequest) -> InformationRequest:
    return InformationRequest.objects.get(pk=request.pk)


def timeline(request: InformationRequest) -> list[tuple[str, str]]:
    return list(request.events.values_list("kind", "state"))


def test_taking_a_request_makes_it_taken_and_says_so_in_the_timeline(jonas: Any) -> None:
    request = asked()
    casework.do_take(jonas, request.pk)
    assert (again(request).state, again(request).taken_by) == (State.TAKEN, jonas)
    assert timeline(request) == [("opened", ""), ("taken", "taken")]


def test_taking_it_twice_is_one_line(jonas: Any) -> None:
    request = asked()
    casework.do_take(jonas, request.pk)
    casework.do_take(jonas, request.pk)
    assert [kind for kind, _ in timeline(request)] == ["opened", "taken"]


def test_a_colleagues_request_cannot_be_taken(jonas: Any, petra: Any) -> None:
    request = asked()
    casework.do_take(petra, request.pk)
    with pytest.raises(HeldByColleague) as told:
        casework.do_take(jonas, request.pk)
    assert told.value.by == petra


def test_a_supervisor_takes_it_openly_and_only_then_may_answer(ruth: Any, petra: Any) -> None:
    request = asked()
    casework.do_take(petra, request.pk)
    with pytest.raises(HeldByColleague):
        casework.do_answer(ruth, request.pk, key=key(), text="800 to 1,200 lari.")
    casework.do_take(ruth, request.pk)
    casework.do_answer(ruth, request.pk, key=key(), text="800 to 1,200 lari.")
    assert again(request).state == State.SENT


def test_a_request_that_is_given_back_waits_again(jonas: Any) -> None:
    request = asked()
    casework.do_take(jonas, request.pk)
    casework.do_release(jonas, request.pk)
    assert (again(request).state, again(request).taken_by) == (State.RECEIVED, None)


def test_the_answer_reaches_the_person_with_its_number_and_two_ways_on(
    jonas: Any, knocks: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    request = asked()
    with django_capture_on_commit_callbacks(execute=True):
        casework.do_answer(jonas, request.pk, key=key(), text="800 to 1,200 lari a month.")
    message = Message.objects.get(request=request)
    assert request.reference in message.text
    assert "800 to 1,200 lari a month." in message.text
    assert [one["payload"] for one in message.payload["buttons"]] == [
        "/request_information",
        "/request_human",
    ]
    assert (message.state, message.author, message.counsellor) == ("waiting", "counsellor", jonas)
    assert knocks == ["wake"]
    assert again(request).closed_at is not None


def test_the_person_can_ask_for_the_answer_again(jonas: Any) -> None:
    request = asked()
    casework.do_answer(jonas, request.pk, key=key(), text="800 lari.")
    status = requests.requests_of(request.conversation_id)[0]
    assert (status.state, status.is_open) == ("sent", False)
    assert "800 lari." in status.answer


def test_the_same_form_sent_twice_is_one_message(jonas: Any) -> None:
    request, once = asked(), key()
    for _ in range(2):
        casework.do_answer(jonas, request.pk, key=once, text="800 lari.")
    assert Message.objects.filter(request=request).count() == 1
    assert [kind for kind, _ in timeline(request)].count("answer") == 1


@pytest.mark.django_db(transaction=True)
def test_two_counsellors_answer_at_the_same_moment_and_one_is_told(jonas: Any, petra: Any) -> None:
    request = asked()
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def answers(counsellor: Any) -> None:
        start.wait()
        try:
            casework.do_answer(counsellor, request.pk, key=key(), text="800 lari.")
            outcomes.append("sent")
        except HeldByColleague:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=answers, args=(one,)) for one in (jonas, petra)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["sent", "told"]
    assert Message.objects.filter(request=request).count() == 1


def test_a_withdrawn_question_is_not_answered(jonas: Any) -> None:
    request = asked()
    requests.withdraw(request.conversation_id, request.reference)
    with pytest.raises(casework.NotPossible):
        casework.do_answer(jonas, request.pk, key=key(), text="800 lari.")
    with pytest.raises(casework.NotPossible):
        casework.do_reopen(jonas, request.pk)
    assert not Message.objects.filter(request=request).exists()


@pytest.mark.parametrize("reason", InformationRequest.Reason.values)
def test_declining_tells_the_person_why(jonas: Any, reason: str) -> None:
    request = asked()
    casework.do_decline(jonas, request.pk, reason=reason, key=key())
    told = Message.objects.filter(request=request).order_by("id")
    assert request.reference in told[0].text
    assert "{" not in told[0].text
    assert again(request).state == State.DECLINED
    assert again(request).declined_because == reason
    assert told.last().payload["buttons"][0]["payload"] == "/request_human"


def test_declining_twice_with_one_form_tells_once(jonas: Any) -> None:
    request, once = asked(), key()
    casework.do_decline(jonas, request.pk, reason="other", key=once)
    casework.do_decline(jonas, request.pk, reason="other", key=once)
    assert [kind for kind, _ in timeline(request)].count("state") == 1


def test_a_text_of_two_messages_is_two_rows_in_order(jonas: Any) -> None:
    request = asked()
    casework.do_answer(jonas, request.pk, key=key(), text="First.\n---\nSecond.")
    first, second = Message.objects.filter(request=request).order_by("id")
    assert first.text.endswith("First.")
    assert second.text == "Second."
    assert (first.payload, bool(second.payload)) == (None, True)


@pytest.mark.parametrize(
    "text",
    ["First.\n---\n---\nSecond.", "First.\n \n--- \n\nSecond.\n---", "---\nFirst.\n---\nSecond."],
)
def test_a_line_of_dashes_too_many_is_not_read_by_the_person(text: str, jonas: Any) -> None:
    request = asked()
    casework.do_answer(jonas, request.pk, key=key(), text=text)
    texts = [row.text for row in Message.objects.filter(request=request).order_by("id")]
    assert (texts[-2].endswith("First."), texts[-1]) == (True, "Second.")
    assert not any("---" in one for one in texts)


def test_a_question_is_never_just_dropped(jonas: Any) -> None:
    request = asked()
    with pytest.raises(casework.NotPossible):
        casework.do_close(jonas, request.pk)
    casework.do_answer(jonas, request.pk, key=key(), text="800 lari.")
    casework.do_close(jonas, request.pk)
    assert again(request).state == State.CLOSED


def test_a_declined_request_can_be_opened_again(jonas: Any) -> None:
    request = asked()
    casework.do_decline(jonas, request.pk, reason="security", key=key())
    casework.do_reopen(jonas, request.pk)
    now = again(request)
    assert (now.state, now.closed_at, now.declined_because) == (State.TAKEN, None, "")


def test_what_the_person_adds_to_an_answered_request_opens_it_for_the_same_counsellor(
    jonas: Any,
) -> None:
    request = asked()
    casework.do_answer(jonas, request.pk, key=key(), text="800 lari.")
    requests.add_information(request.conversation_id, request.reference, "And heating?", "m:1")
    assert (again(request).state, again(request).taken_by) == (State.TAKEN, jonas)
    casework.do_answer(jonas, request.pk, key=key(), text="Another 100 lari.")
    assert Message.objects.filter(request=request).count() == 2


def test_the_country_office_and_back(jonas: Any) -> None:
    request = asked()
    casework.do_set_state(jonas, request.pk, "with_country_office")
    casework.do_set_state(jonas, request.pk, "taken")
    assert [state for _, state in timeline(request)] == [
        "",
        "taken",
        "with_country_office",
        "taken",
    ]
    with pytest.raises(casework.NotPossible):
        casework.do_set_state(jonas, request.pk, "answered")


def test_a_note_is_kept_and_never_sent(petra: Any) -> None:
    request = asked()
    casework.do_note(petra, request.pk, "Asked the office in Tbilisi.")
    assert RequestEvent.objects.get(kind="note").text == "Asked the office in Tbilisi."
    assert not Message.objects.exists()


def test_the_answer_is_in_the_language_the_person_reads_now(jonas: Any) -> None:
    request = asked(talk(language="en"))
    casework.do_answer(jonas, request.pk, key=key(), text="800 lari.")
    assert Message.objects.get(request=request).language == "en"
