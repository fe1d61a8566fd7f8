"""The pages of the console: what stands on them, for whom, and what a form does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from desk import casework, conversations, requests
from desk.models import Conversation, DeskEvent, InformationRequest, Message
from tests.desk.conftest import PASSWORD, asked, assistant_says, said, talk

pytestmark = pytest.mark.django_db

LogIn = Callable[[Any], Client]


def listed(client: Client, show: str) -> list[str]:
    page = client.get(reverse("worklist"), {"show": show})
    return [one.reference for one in page.context["requests"]]


def test_each_tab_shows_its_requests_and_counts_them(jonas: Any, petra: Any, log_in: LogIn) -> None:
    free, mine, hers, done = asked(), asked(), asked(), asked()
    casework.do_take(jonas, mine.pk)
    casework.do_take(petra, hers.pk)
    casework.do_answer(petra, done.pk, key="desk:1", text="Yes.")
    client = log_in(jonas)
    assert listed(client, "waiting") == [free.reference]
    assert listed(client, "mine") == [mine.reference]
    assert set(listed(client, "all")) == {free.reference, mine.reference, hers.reference}
    assert listed(client, "closed") == [done.reference]
    tabs = client.get(reverse("console")).context["tabs"]
    assert {tab.name: tab.count for tab in tabs} == {
        "waiting": 1,
        "mine": 1,
        "all": 3,
        "closed": 1,
    }


def test_what_was_promised_first_stands_first_and_is_marked_when_overdue(
    jonas: Any, log_in: LogIn
) -> None:
    later, late = asked(), asked()
    InformationRequest.objects.filter(pk=late.pk).update(
        promised_on=timezone.localdate() - timedelta(days=1)
    )
    client = log_in(jonas)
    assert listed(client, "waiting") == [late.reference, later.reference]
    assert client.get(reverse("worklist")).content.decode().count("overdue") == 1


def test_the_number_of_queries_does_not_grow_with_the_list(
    jonas: Any, log_in: LogIn, django_assert_max_num_queries: Any
) -> None:
    client = log_in(jonas)
    for _ in range(12):
        casework.do_take(jonas, asked().pk)
        talk(waiting_since=timezone.now(), danger_since=timezone.now())
    client.get(reverse("console"))  # the first look of all writes down how they like the list
    with django_assert_max_num_queries(15):
        client.get(reverse("console"), {"show": "all"})


def test_danger_and_waiting_people_stand_above_the_requests(
    jonas: Any, petra: Any, log_in: LogIn
) -> None:
    danger, waits, talks, quiet = talk(), talk(language="ar", country="SY"), talk(), talk()
    requests.raise_danger(danger.pk)
    requests.ask_for_person(waits.pk)
    requests.ask_for_person(talks.pk)
    conversations.do_take_over(petra, talks.pk)
    said(talks, "One more thing")
    page = log_in(jonas).get(reverse("console"))
    assert [one.pk for one in page.context["danger"]] == [danger.pk]
    assert [one.pk for one in page.context["live"]] == [waits.pk, talks.pk]
    html = page.content.decode()
    assert "Arabic" in html
    assert "Syria" in html
    assert "1 new" in html
    assert quiet.pk not in html


def test_nobody_reads_a_conversation_that_is_between_the_person_and_the_assistant(
    jonas: Any, log_in: LogIn
) -> None:
    quiet = talk()
    said(quiet, "Only the assistant knows")
    address = reverse("conversation", kwargs={"conversation_id": quiet.pk})
    assert log_in(jonas).get(address).status_code == 404


def test_a_conversation_is_shown_with_the_request_only_if_the_person_agreed(
    jonas: Any, log_in: LogIn
) -> None:
    client = log_in(jonas)
    for shares in (True, False):
        conversation = talk()
        said(conversation, "Something said to the assistant")
        request = asked(conversation, shares_conversation=shares)
        html = client.get(reverse("request", args=[request.reference])).content.decode()
        assert ("Something said to the assistant" in html) is shares
        assert ("did not agree" in html) is not shares


def test_the_question_is_shown_as_written_with_its_language_and_direction(
    jonas: Any, log_in: LogIn
) -> None:
    request = asked(talk(language="ar"), question="هل يوجد <b>أنسولين</b> في حلب؟")
    html = log_in(jonas).get(reverse("request", args=[request.reference])).content.decode()
    assert '<blockquote class="question" lang="ar" dir="rtl">' in html
    assert "&lt;b&gt;أنسولين&lt;/b&gt;" in html


def test_opening_a_request_or_a_conversation_is_logged(jonas: Any, log_in: LogIn) -> None:
    request, waits = asked(), talk(waiting_since=timezone.now())
    client = log_in(jonas)
    client.get(reverse("request", args=[request.reference]))
    client.get(reverse("request-record", args=[request.reference]))
    client.get(reverse("conversation", args=[waits.pk]))
    kinds = DeskEvent.objects.values_list("kind", "counsellor__username")
    assert list(kinds) == [("saw_request", "jonas"), ("saw_talk", "jonas")]


def test_a_counsellor_answers_and_pressing_twice_sends_once(jonas: Any, log_in: LogIn) -> None:
    request = asked()
    form = {"key": str(uuid.uuid4()), "text": "800 to 1,200 lari."}
    client = log_in(jonas)
    for _ in range(2):
        response = client.post(reverse("request-answer", args=[request.reference]), form)
        assert response.status_code == 302
    message = Message.objects.get(request=request)
    assert message.key == f"desk:{form['key']}"


def test_whoever_is_slower_is_told_and_keeps_the_text(
    jonas: Any, petra: Any, log_in: LogIn
) -> None:
    request = asked()
    casework.do_take(petra, request.pk)
    form = {"key": str(uuid.uuid4()), "text": "My long answer."}
    response = log_in(jonas).post(reverse("request-answer", args=[request.reference]), form)
    assert response.status_code == 409
    html = response.content.decode()
    assert "Petra has this request" in html
    assert "My long answer." in html
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "---\r\n---", "x" * (casework.MAX_ANSWER + 1)])
def test_an_empty_or_too_long_answer_is_not_sent(text: str, jonas: Any, log_in: LogIn) -> None:
    request = asked()
    response = log_in(jonas).post(
        reverse("request-answer", args=[request.reference]),
        {"key": str(uuid.uuid4()), "text": text},
    )
    assert response.status_code == 400
    assert not Message.objects.exists()
    # Said at the top of the page, where whoever pressed the button looks.
    assert "Nothing was sent." in response.content.decode().partition("<h1")[0]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "held back for a moment"),
        ({"send_after": None}, "waiting"),
        ({"state": "sent"}, "sent"),
        ({"state": "unknown"}, "perhaps sent"),
        ({"state": "failed", "error": "chat_not_found"}, "not sent"),
    ],
)
def test_what_became_of_the_answer_is_shown(
    changes: dict[str, Any], word: str, jonas: Any, log_in: LogIn
) -> None:
    request = asked()
    casework.do_answer(jonas, request.pk, key="desk:1", text="800 lari.")
    if changes:
        Message.objects.filter(request=request).update(**changes)
    answers = log_in(jonas).get(reverse("request", args=[request.reference])).context["answers"]
    assert [str(one.state) for one in answers] == [word]


def test_an_answer_to_somebody_who_blocked_us_says_so(jonas: Any, log_in: LogIn) -> None:
    request = asked()
    casework.do_answer(jonas, request.pk, key="desk:1", text="800 lari.")
    Message.objects.filter(request=request).update(send_after=timezone.now())
    Conversation.objects.filter(pk=request.conversation_id).update(blocked_at=timezone.now())
    answers = log_in(jonas).get(reverse("request", args=[request.reference])).context["answers"]
    assert str(answers[0].state) == "blocked by the person"


def test_a_counsellor_takes_over_writes_and_hands_back(jonas: Any, log_in: LogIn) -> None:
    waits = talk(waiting_since=timezone.now())
    assistant_says(waits, "A counsellor will come.")
    client, at = log_in(jonas), {"conversation_id": waits.pk}
    client.post(reverse("conversation-take-over", kwargs=at))
    response = client.post(
        reverse("conversation-write", kwargs=at),
        {"key": str(uuid.uuid4()), "text": "Good morning."},
        headers={"HX-Request": "true"},
    )
    assert "Good morning." not in response.content.decode()  # the box is empty again
    assert "Good morning." in client.get(reverse("conversation", kwargs=at)).content.decode()
    response = client.post(reverse("conversation-hand-back", kwargs=at))
    assert response.headers["Location"] == reverse("console")
    waits.refresh_from_db()
    assert waits.handled_by is None


def test_writing_in_a_conversation_that_a_colleague_has_keeps_the_text(
    jonas: Any, petra: Any, log_in: LogIn
) -> None:
    waits = talk(waiting_since=timezone.now())
    conversations.do_take_over(petra, waits.pk)
    response = log_in(jonas).post(
        reverse("conversation-write", args=[waits.pk]),
        {"key": str(uuid.uuid4()), "text": "Good morning."},
        headers={"HX-Request": "true"},
    )
    html = response.content.decode()
    assert "Petra has this conversation" in html
    assert "Good morning." in html


def test_a_seen_danger_leaves_the_top_and_can_still_be_opened_by_who_saw_it(
    jonas: Any, petra: Any, log_in: LogIn
) -> None:
    danger = talk()
    requests.raise_danger(danger.pk)
    client = log_in(jonas)
    client.post(reverse("conversation-seen", args=[danger.pk]))
    assert client.get(reverse("console")).context["danger"] == []
    address = reverse("conversation", args=[danger.pk])
    assert client.get(address).status_code == 200
    assert log_in(petra).get(address).status_code == 404


def test_somebody_elses_reference_and_no_reference_look_the_same(jonas: Any, log_in: LogIn) -> None:
    assert log_in(jonas).get(reverse("request", args=["AAA-AAA"])).status_code == 404


def test_logging_in_speaks_the_counsellors_language(jonas: Any, db: None) -> None:
    jonas.language = "de"
    jonas.save()
    client = Client()
    client.post(reverse("login"), {"username": "jonas", "password": PASSWORD})
    assert "Abmelden" in client.get(reverse("console")).content.decode()


def test_the_language_of_the_desk_is_kept_with_the_account(jonas: Any, log_in: LogIn) -> None:
    client = log_in(jonas)
    response = client.post(
        reverse("desk-language"), {"language": "de", "next": "https://elsewhere.example/"}
    )
    assert response.headers["Location"] == reverse("console")
    jonas.refresh_from_db()
    assert jonas.language == "de"
    assert 'lang="de"' in client.get(reverse("console")).content.decode()


def test_every_page_has_a_strict_policy_and_is_not_cached(jonas: Any, log_in: LogIn) -> None:
    response = log_in(jonas).get(reverse("console"))
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"


def test_a_form_without_a_token_is_refused(jonas: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(jonas)
    request = asked()
    assert client.post(reverse("request-take", args=[request.reference])).status_code == 403


def test_a_mistake_in_the_programmes_files_is_told_to_who_is_logged_in(
    jonas: Any, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wegweiser.rulebase.problem", lambda: "raz.yml:9: host_country <XX>")
    told = log_in(jonas).get(reverse("console")).content.decode()
    assert "raz.yml:9: host_country &lt;XX&gt;" in told
    assert "raz.yml:9" not in Client().get(reverse("login")).content.decode()
