"""The workflow as a table: every state is reached and left, and every state has its words."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from desk import casework, workflow
from desk.models import InformationRequest, Message, RequestEvent
from tests.desk.conftest import asked
from wegweiser.texts import FALLBACK, languages, response, texts

pytestmark = pytest.mark.django_db

State = InformationRequest.State


def test_every_state_is_reached_and_only_what_is_open_must_be_left() -> None:
    reached = {step.to for step in workflow.STEPS} | {State.RECEIVED}
    assert reached == set(State)
    left = {source for step in workflow.STEPS for source in step.sources}
    assert left == set(State)


@pytest.mark.parametrize("language", [one.code for one in languages()])
@pytest.mark.parametrize("state", State.values)
def test_the_person_who_asks_is_told_each_state_in_their_language(
    state: str, language: str
) -> None:
    key = f"utter_request_state_{state}"
    assert key in texts(language).responses
    values = {"reference": "K7M-4Q2", "date": "DAY"}
    told = response(language, key, values)
    assert "K7M-4Q2" in told
    if language != FALLBACK:
        assert told != response(FALLBACK, key, values)


def test_what_a_step_tells_exists() -> None:
    written = texts(FALLBACK).responses
    for step in workflow.STEPS:
        if step.tells.endswith("_"):
            assert all(f"{step.tells}{one}" in written for one in InformationRequest.Reason.values)
        elif step.tells:
            assert step.tells in written


def test_the_way_of_a_question_step_by_step(jonas: Any, petra: Any) -> None:
    request = asked()
    casework.do_take(jonas, request.pk)
    casework.do_set_state(jonas, request.pk, "with_country_office")
    casework.do_set_state(jonas, request.pk, "answer_received")
    _draft(jonas, request, "800 lari.")
    casework.do_check(petra, request.pk)
    casework.do_answer(jonas, request.pk, key="desk:1", text="800 lari.")
    states = request.events.exclude(state="").values_list("state", "counsellor__username")
    assert list(states) == [
        ("taken", "jonas"),
        ("with_country_office", "jonas"),
        ("answer_received", "jonas"),
        ("checked", "petra"),
        ("checked", "jonas"),  # the line with the answer
        ("sent", "jonas"),
    ]


def test_nothing_written_is_nothing_to_check(jonas: Any) -> None:
    request = asked()
    casework.do_take(jonas, request.pk)
    with pytest.raises(casework.NotPossible):
        casework.do_check(jonas, request.pk)


@pytest.mark.parametrize(
    ("state", "to"),
    [("received", "answer_received"), ("closed", "with_country_office"), ("sent", "taken")],
)
def test_what_is_no_row_of_the_table_is_refused(state: str, to: str) -> None:
    assert workflow.by_hand(state, to) is None


def _draft(who: Any, request: InformationRequest, text: str) -> None:
    from desk import drafts

    drafts.do_save_draft(who, request.pk, drafts.Written(0, text))


def test_what_was_answered_becomes_sent_or_delivered_and_back(jonas: Any) -> None:
    migration = import_module("desk.migrations.0007_answering")
    arrived, on_its_way, other = asked(), asked(), asked()
    for request, state in ((arrived, "sent"), (on_its_way, "waiting")):
        casework.do_answer(jonas, request.pk, key=f"desk:{request.pk}", text="800 lari.")
        Message.objects.filter(request=request).update(state=state, kind="text")
    InformationRequest.objects.exclude(pk=other.pk).update(state="answered")
    RequestEvent.objects.filter(state="sent").update(state="answered")

    migration.answered_to_sent(apps, None)
    states = dict(InformationRequest.objects.values_list("pk", "state"))
    assert states == {arrived.pk: "delivered", on_its_way.pk: "sent", other.pk: "received"}
    assert set(Message.objects.values_list("kind", flat=True)) == {"answer"}
    assert not RequestEvent.objects.filter(state="answered").exists()

    migration.sent_to_answered(apps, None)
    states = dict(InformationRequest.objects.values_list("pk", "state"))
    assert states == {arrived.pk: "answered", on_its_way.pk: "answered", other.pk: "received"}
