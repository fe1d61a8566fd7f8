from __future__ import annotations

import pytest

from actions.check import CheckInterview, CheckResult
from actions.interview import Stage, stage
from tests.dialogue import a_press, a_turn, ask, listen, take

CHECK = CheckInterview()


def test_the_first_question_is_the_country() -> None:
    said = ask(CHECK, a_turn(slots={"host_country": None}))
    assert said.keys == ["utter_check_ask_host_country"]


def test_every_question_can_be_answered_with_i_do_not_know_and_skipped() -> None:
    slots: dict[str, str | None] = {"host_country": "CH"}
    asked = []
    for _ in range(30):
        turn = a_turn(slots=slots)
        question = CHECK.next(turn.slots, turn)
        if question is None:
            break
        said = ask(CHECK, turn)
        unknown = f'/inform{{"question": "{question}", "answer": "unknown"}}'
        assert said.payloads.count(unknown) == 2, question
        asked.append(question)
        slots[question] = "unknown"
    assert CHECK.next(a_turn(slots=slots).slots, a_turn(slots=slots)) is None
    assert len(asked) == len(set(asked)), "nothing is asked twice"
    assert not {"has_means", "excluded_conduct", "trafficking_victim"} & set(asked)


def test_only_what_could_still_change_something_is_asked() -> None:
    """An EU national in Switzerland is excluded whatever the rest is: few questions remain."""
    excluded = {"nationality": "FR", "status": "residence_permit"}
    open_ = {"nationality": "AF", "status": "asylum_rejected"}
    assert _questions(excluded) < _questions(open_)


def _questions(slots: dict[str, str]) -> int:
    known: dict[str, str | None] = dict(slots)
    for count in range(30):
        turn = a_turn(slots=known)
        question = CHECK.next(turn.slots, turn)
        if question is None:
            return count
        known[question] = "unknown"
    raise AssertionError("the check never ends")


@pytest.mark.parametrize(
    ("question", "turn", "expected"),
    [
        ("nationality", a_turn("inform", "Afghanistan", entities={"country": "AF"}), "AF"),
        ("adults", a_turn("inform", "3", entities={"number": "3"}), "3"),
        ("stay_months", a_turn("inform", "2 years", entities={"number": "2"}), "24"),
        ("dublin", a_turn("affirm", "yes"), "true"),
        ("dublin", a_turn("deny", "no"), "false"),
        ("refused_on", a_turn("inform", "03.09.2026"), "2026-09-03"),
        ("status", a_turn("inform", "I don't know"), "unknown"),
        (
            "medical_need",
            a_turn(**a_press("inform", question="medical_need", answer="true")),
            "true",
        ),
    ],
)
def test_answers_are_read(question: str, turn: object, expected: str) -> None:
    assert listen(CHECK, question, turn) == {question: expected}


def test_a_family_in_one_sentence_answers_two_questions() -> None:
    turn = a_turn("inform", "2 adults and 3 kids", entities={"number": ("2", "3")})
    assert listen(CHECK, "adults", turn) == {"adults": "2", "minors": "3"}


def test_a_question_is_no_answer() -> None:
    turn = a_turn(
        "ask_programme",
        "could you please tell me what an F permit is",
        entities={"status": "temporarily_admitted"},
    )
    assert listen(CHECK, "status", turn) is None


def test_an_earlier_button_changes_that_answer() -> None:
    turn = a_turn(**a_press("inform", question="status", answer="tolerated"))
    assert listen(CHECK, "adults", turn) == {"status": "tolerated"}


def test_a_household_of_nobody_is_refused() -> None:
    turn = a_turn("inform", "0", entities={"number": "0"}, slots={"adults": "0"})
    assert listen(CHECK, "minors", turn) is None


def test_the_result_names_what_may_fit_with_its_ceiling_and_what_does_not_with_its_reason() -> None:
    slots = {
        "status": "asylum_rejected",
        "nationality": "AF",
        "destination": "AF",
        "place": "canton",
        "received_before": "false",
        "adults": "2",
        "minors": "3",
    }
    said = take(CheckResult(), a_turn(slots=slots))
    likely = next(one for one in said.messages if one["response"] == "utter_check_likely")
    assert "3,500" in likely["programmes"].replace("\u00a0", " ")
    against = next(one for one in said.messages if one["response"] == "utter_check_unlikely")
    assert "RAZ" in against["programmes"]
    assert said.keys[-1] == "utter_check_end"


class ATracker:
    def __init__(self, requested: str | None, *events: dict[str, str]) -> None:
        self.slots = {"requested_slot": requested}
        self.events = list(events)


@pytest.mark.parametrize(
    ("tracker", "expected"),
    [
        (ATracker(None, {"event": "user"}), Stage.OPENING),
        (ATracker("request_answer", {"event": "user"}), Stage.OPENING),
        (ATracker("check_answer", {"event": "user"}), Stage.ANSWERING),
        (
            ATracker(
                "check_answer",
                {"event": "user"},
                {"event": "action", "name": "action_answer"},
                {"event": "action", "name": "check_form"},
            ),
            Stage.RETURNING,
        ),
    ],
)
def test_the_form_knows_why_it_is_asked(tracker: ATracker, expected: Stage) -> None:
    assert stage(tracker, CHECK) is expected  # type: ignore[arg-type]
