"""The question below an answer that arrived, and what the team sees of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from desk import answering, casework, mailbox, requests, satisfaction
from desk.models import InformationRequest, Message, Rating
from desk.retention import erase_old
from tests.desk.conftest import asked, talk

pytestmark = pytest.mark.django_db

Outcome = mailbox.Outcome


def answered(jonas: Any, channel: str = "telegram", language: str = "en") -> InformationRequest:
    request = asked(talk(channel=channel, language=language))
    casework.do_answer(jonas, request.pk, key=f"a:{request.pk}", text="About 900 lari.")
    Message.objects.filter(request=request).update(send_after=timezone.now())
    return request


def questions() -> list[Message]:
    return list(Message.objects.filter(kind="rating"))


def deliver(request: InformationRequest, outcome: Any = Outcome.SENT) -> None:
    delivery = mailbox.claim_delivery("s", "telegram")
    assert delivery is not None
    mailbox.settle_and_go_on(delivery, outcome)


def test_whoever_got_an_answer_is_asked_once_in_their_language(jonas: Any) -> None:
    request = answered(jonas, language="de")
    assert questions() == []
    deliver(request)
    (question,) = questions()
    assert request.reference in question.text
    assert "geholfen" in question.text
    assert [one["title"] for one in question.payload["buttons"]] == [
        "✅ Ja, geholfen",
        "Teilweise geholfen",
        "❌ Nicht geholfen",
    ]
    # It goes out behind the answer: the one who sent that has it in hand already.
    question.refresh_from_db()
    assert question.state == "sending"


def test_the_web_page_is_asked_too(jonas: Any) -> None:
    request = answered(jonas, channel="web")
    rows = Message.objects.filter(request=request)
    mailbox.web_arrived(request.conversation_id, [row.pk for row in rows])
    mailbox.web_arrived(request.conversation_id, [row.pk for row in rows])
    assert len(questions()) == 1


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.UNKNOWN, Outcome.RETRY])
def test_nobody_is_asked_about_an_answer_that_did_not_arrive(jonas: Any, outcome: Any) -> None:
    deliver(answered(jonas), outcome)
    assert questions() == []


def test_nobody_is_asked_about_a_refusal(jonas: Any) -> None:
    request = asked()
    answering.do_decline(jonas, request.pk, reason="asylum", key="d")
    Message.objects.filter(request=request).update(send_after=timezone.now())
    deliver(request)
    assert questions() == []


def test_a_correction_is_asked_about_again(jonas: Any) -> None:
    request = answered(jonas)
    deliver(request)
    Message.objects.filter(kind="rating").update(state="sent")
    casework.do_answer(jonas, request.pk, key="again", text="No: about 950.")
    Message.objects.filter(key="again").update(send_after=timezone.now())
    mailbox.release_delivery("s", request.conversation_id)
    deliver(request)
    assert len(questions()) == 2


def rated(value: str, number: int) -> None:
    for _ in range(number):
        request = asked()
        satisfaction.rate(request.conversation_id, request.reference, value)


def figures() -> satisfaction.Satisfaction:
    now = timezone.now()
    everything = InformationRequest.objects.all()
    return satisfaction.counts(everything, now - timedelta(days=1), now + timedelta(days=1))


@pytest.mark.parametrize(
    ("helped", "partly", "not_", "total", "shown"),
    [
        (6, 5, 5, 16, (6, 5, 5)),
        (4, 0, 0, None, (None, None, None)),
        # The total would tell the one that is hidden.
        (6, 5, 1, None, (6, 5, None)),
        (6, 1, 1, None, (6, None, None)),
        (6, 3, 2, 11, (6, None, None)),
    ],
)
def test_small_figures_are_hidden_and_can_not_be_worked_out(
    helped: int, partly: int, not_: int, total: int | None, shown: tuple[int | None, ...]
) -> None:
    rated("helped", helped)
    rated("partly", partly)
    rated("not", not_)
    found = figures()
    assert (found.total, tuple(found.by_value.values())) == (total, shown)


def test_only_the_period_and_the_requests_that_one_may_see_are_counted() -> None:
    rated("helped", 6)
    Rating.objects.update(created_at=timezone.now() - timedelta(days=3))
    rated("not", 5)
    assert figures().by_value == {"helped": None, "partly": None, "not": 5}
    nobodys = InformationRequest.objects.none()
    now = timezone.now()
    assert satisfaction.counts(nobodys, now - timedelta(days=9), now).total is None


def test_a_supervisor_sees_it_among_the_figures_and_in_the_file(ruth: Any, log_in: Any) -> None:
    rated("helped", 6)
    rated("not", 1)
    client = log_in(ruth)
    file = client.get(reverse("dashboard-file")).content.decode()
    assert [line for line in file.splitlines() if line.startswith("did it help")] == [
        "did it help,helped,6",
        "did it help,helped in part,<5",
        "did it help,did not help,<5",
    ]
    later = {"first": "2020-01-01", "last": "2020-02-01"}
    assert "did it help,helped,<5" in client.get(reverse("dashboard-file"), later).content.decode()


def test_a_word_without_a_tap_is_not_kept() -> None:
    request = asked()
    satisfaction.add_word(request.conversation_id, request.reference, "hello")
    assert not Rating.objects.exists()


def test_delete_my_data_and_age_erase_what_was_said() -> None:
    rated("helped", 2)
    first, second = InformationRequest.objects.order_by("pk")
    requests.erase(first.conversation_id)
    assert Rating.objects.count() == 1
    InformationRequest.objects.filter(pk=second.pk).update(
        closed_at=timezone.now() - timedelta(days=400)
    )
    erase_old()
    assert not Rating.objects.exists()


def test_where_nothing_may_be_told_there_is_no_bar(ruth: Any, log_in: Any) -> None:
    page = log_in(ruth).get(reverse("dashboard"))
    charts = {one.name: one for one in page.context["figures"].charts}
    assert [(bar.shown, bar.length) for bar in charts["did it help"].bars] == [("<5", 0)] * 3
