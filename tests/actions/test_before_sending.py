"""Answers of before, offered before a question is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from actions.inform import Inform
from actions.request import RequestInterview, SendRequest
from desk import archive_search, vectors
from desk.mailbox import conversation_for
from desk.models import ArchivedAnswer, ArchivedText, InformationRequest
from tests.dialogue import TODAY, Said, a_press, a_turn, ask, listen, take

pytestmark = pytest.mark.django_db

REQUEST = RequestInterview()
DRAFT = {
    "request_consent": "yes",
    "request_country": "GE",
    "request_place": "Kutaisi",
    "request_topic": "housing",
    "request_text": "What does a flat with two rooms cost in Kutaisi?",
    "request_share": "no",
    "request_question": "share",
}
MEANINGS = {"flat": [1.0, 0.0], "school": [0.0, 1.0]}


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Stands in for the assistant's encoder: two meanings, told by one word each."""
    asked: list[list[str]] = []

    def encode(texts: Sequence[str], within_s: float) -> vectors.Encoded:
        asked.append(list(texts))
        rows = [next(v for k, v in MEANINGS.items() if k in text.lower()) for text in texts]
        return vectors.Encoded("test", np.array(rows, dtype=np.float32))

    monkeypatch.setattr(vectors, "encode", encode)
    return asked


@pytest.fixture
def nobody_encodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "encode", lambda texts, within_s: None)


def archived(
    question: str = "How much is a flat in Kutaisi?",
    text: str = "About 900 lari a month.",
    language: str = "en",
    **changes: object,
) -> ArchivedAnswer:
    values: dict[str, object] = {
        "country": "GE",
        "host_country": "CH",
        "topic": "housing",
        "valid_as_of": TODAY - timedelta(days=30),
        "approved_at": "2026-11-01T10:00:00Z",
    }
    made = ArchivedAnswer.objects.create(**(values | changes))
    ArchivedText.objects.create(answer=made, language=language, question=question, text=text)
    archive_search.give_vector(made)
    return made


def asked_to_confirm(**changes: object) -> Said:
    return ask(REQUEST, a_turn(slots={**DRAFT, **changes}))


@pytest.mark.usefixtures("encoder")
def test_the_same_question_is_offered_with_its_date_before_the_reading_back() -> None:
    archived()
    said = asked_to_confirm()
    assert said.keys == ["utter_archive_answer", "utter_archive_ask"]
    assert said.messages[0]["answer"].endswith("About 900 lari a month.")
    assert said.messages[0]["text"] is None  # else it would be said in place of the response
    assert said.messages[0]["date"] == "Saturday, October 24, 2026"
    assert len(said.payloads) == 2


@pytest.mark.usefixtures("encoder")
@pytest.mark.parametrize(
    "changes",
    [
        {"question": "Is there a school for my daughter?"},
        {"topic": "education"},
        {"country": "AM"},
        {"host_country": "DE"},
        {"valid_as_of": TODAY - timedelta(days=366)},
        {"approved_at": None},
        {"retired_at": "2026-11-10T10:00:00Z"},
    ],
)
def test_what_does_not_fit_is_not_offered(changes: dict[str, object]) -> None:
    archived(**changes)  # type: ignore[arg-type]
    assert asked_to_confirm().keys == ["utter_request_ask_confirmed"]


@pytest.mark.usefixtures("encoder")
def test_what_is_true_of_every_country_is_offered_and_never_more_than_two() -> None:
    for number in range(3):
        archived(text=f"Answer {number}", country="", host_country="")
    assert asked_to_confirm().keys == [*["utter_archive_answer"] * 2, "utter_archive_ask"]


@pytest.mark.usefixtures("encoder")
def test_the_persons_language_first_else_it_is_said_which() -> None:
    kept = archived("Wie teuer ist eine Wohnung (flat)?", "Etwa 900 Lari.", "de")
    said = asked_to_confirm()
    assert said.keys[0] == "utter_archive_answer_other"
    assert said.messages[0]["language"] == "Deutsch"
    ArchivedText.objects.create(answer=kept, language="en", question="", text="About 900 lari.")
    said = asked_to_confirm()
    assert (said.keys[0], said.messages[0]["answer"]) == ("utter_archive_answer", "About 900 lari.")


@pytest.mark.usefixtures("nobody_encodes")
def test_without_vectors_the_words_decide() -> None:
    archived("What does a flat cost in Kutaisi?")
    archived("Who helps with moving furniture to the village?", "Nobody.")
    said = asked_to_confirm()
    assert said.keys == ["utter_archive_answer", "utter_archive_ask"]
    assert "900 lari" in said.messages[0]["answer"]


@pytest.mark.usefixtures("encoder")
def test_what_has_no_vector_yet_is_found_by_its_words() -> None:
    made = archived("What does a flat cost in Kutaisi?")
    ArchivedAnswer.objects.filter(pk=made.pk).update(vector=None, encoder="")
    assert asked_to_confirm().keys == ["utter_archive_answer", "utter_archive_ask"]


def test_an_empty_archive_asks_nobody(encoder: list[list[str]]) -> None:
    assert asked_to_confirm().keys == ["utter_request_ask_confirmed"]
    assert encoder == []


def test_the_same_is_not_offered_twice(encoder: list[list[str]]) -> None:
    archived()
    encoder.clear()
    assert asked_to_confirm(request_question="archive").keys == ["utter_request_ask_confirmed"]
    assert encoder == []


@pytest.mark.usefixtures("encoder")
def test_it_helps_and_nothing_is_sent_but_the_question_is_kept() -> None:
    archived()
    press = a_press("inform", question="request_archive", answer="helped")
    assert listen(REQUEST, "archive", a_turn(**press)) == {"request_confirmed": "helped"}
    turn = a_turn(slots={**DRAFT, "request_confirmed": "helped"})
    assert REQUEST.next(turn.slots, turn) is None
    said = take(SendRequest(), turn)
    assert said.keys == ["utter_archive_helped"]
    assert InformationRequest.objects.count() == 0
    assert "request_text" not in said.remembered()
    # Later, with no interview open: the reading back comes at once, without another consent.
    later = a_turn(**a_press("inform", question="request_archive", answer="send"), slots=DRAFT)
    assert take(Inform(), later).followed_by == "request_form"
    assert REQUEST.open(later) == {"request_confirmed": None}
    assert ask(REQUEST, later).keys == ["utter_request_ask_confirmed"]


@pytest.mark.usefixtures("encoder")
def test_the_question_all_the_same_is_read_back_and_sent() -> None:
    archived()
    amina = conversation_for("web", "amina")
    press = a_press("inform", question="request_archive", answer="send")
    turn = a_turn(**press, slots={**DRAFT, "request_question": "archive"})
    assert listen(REQUEST, "archive", turn) == {}
    assert ask(REQUEST, turn).keys == ["utter_request_ask_confirmed"]
    slots = {**DRAFT, "request_confirmed": "yes"}
    take(SendRequest(), a_turn(slots=slots, conversation_id=amina.pk))
    assert InformationRequest.objects.get().question == DRAFT["request_text"]


@pytest.mark.parametrize(
    ("intent", "read"),
    [("affirm", {"request_confirmed": "helped"}), ("deny", {}), ("ask_cost", None)],
)
def test_typed_answers_count_too(intent: str, read: dict[str, str] | None) -> None:
    assert listen(REQUEST, "archive", a_turn(intent, "well")) == read
