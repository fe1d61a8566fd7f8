"""The workflow of a request for information, as one table.

A request waits, is taken, goes to the office in the country, its answer comes, is checked, is
sent, arrives, is closed; or it is declined, or the person takes it back. A follow-up question
opens it again. Whoever changes a state asks here whether the table knows the way. Two things are
not steps: undoing (``desk.answering.do_undo`` gives back the state before), and that a follow-up
to a request that somebody has goes to them, as taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from desk.models import InformationRequest

State = InformationRequest.State


class Who(Enum):
    """Whose doing a step is."""

    COUNSELLOR = "any counsellor"
    HOLDER = "the counsellor who has it"
    PERSON = "the person"
    SENDER = "the delivery of the answer"


@dataclass(frozen=True)
class Step:
    """One row: what is done, from which states, to which, by whom, and what the person is told.

    ``tells`` is the response that is written to the person because of it; empty where they
    are told only if they ask (``utter_request_state_<state>``).
    """

    name: str
    sources: tuple[State, ...]
    to: State
    who: Who
    tells: str = ""


OPEN = InformationRequest.OPEN_STATES
ANSWERED = (State.SENT, State.DELIVERED)

STEPS = (
    Step("take", (State.RECEIVED,), State.TAKEN, Who.COUNSELLOR),
    Step("release", (State.TAKEN,), State.RECEIVED, Who.HOLDER),
    Step(
        "ask_office",
        (State.TAKEN, State.ANSWER_RECEIVED, State.CHECKED),
        State.WITH_COUNTRY_OFFICE,
        Who.HOLDER,
    ),
    Step(
        "receive_answer",
        (State.TAKEN, State.WITH_COUNTRY_OFFICE),
        State.ANSWER_RECEIVED,
        Who.HOLDER,
    ),
    Step(
        "back_to_work",
        (State.WITH_COUNTRY_OFFICE, State.ANSWER_RECEIVED, State.CHECKED),
        State.TAKEN,
        Who.HOLDER,
    ),
    Step("check", (State.TAKEN, State.ANSWER_RECEIVED), State.CHECKED, Who.COUNSELLOR),
    # A checked text that is changed is a text that nobody has checked.
    Step("change_checked", (State.CHECKED,), State.ANSWER_RECEIVED, Who.HOLDER),
    # An answered or closed question may be answered again (a correction).
    Step(
        "send",
        (*OPEN, *ANSWERED, State.CLOSED, State.DECLINED),
        State.SENT,
        Who.HOLDER,
        "utter_request_answer",
    ),
    Step("deliver", (State.SENT,), State.DELIVERED, Who.SENDER),
    # It did not arrive: somebody has to do something about it.
    Step("bounce", (State.SENT,), State.CHECKED, Who.SENDER),
    Step("resend", (State.CHECKED,), State.SENT, Who.HOLDER),
    Step("decline", OPEN, State.DECLINED, Who.HOLDER, "utter_declined_"),
    Step("close", ANSWERED, State.CLOSED, Who.HOLDER),
    Step("withdraw", OPEN, State.WITHDRAWN, Who.PERSON, "utter_request_withdrawn"),
    Step(
        "follow_up",
        (*ANSWERED, State.CLOSED, State.DECLINED, State.WITHDRAWN),
        State.RECEIVED,
        Who.PERSON,
        "utter_addition_sent",
    ),
    # A question that the person took back stays closed.
    Step("reopen", (*ANSWERED, State.CLOSED, State.DECLINED), State.TAKEN, Who.HOLDER),
)
BY_HAND = ("ask_office", "receive_answer", "back_to_work")
"""Steps that only say where the work stands, with nothing else to do."""

_BY_NAME = {step.name: step for step in STEPS}


def step(name: str) -> Step:
    """A row of the table.

    Raises:
        KeyError: no such step.
    """
    return _BY_NAME[name]


def allows(name: str, state: str) -> bool:
    """Whether the step can be made from this state."""
    return state in _BY_NAME[name].sources


def by_hand(state: str, to: str) -> Step | None:
    """The step by hand from one state to another; None where there is none."""
    return next(
        (
            one
            for one in map(step, BY_HAND)
            if one.to == to and state in one.sources and one.to != state
        ),
        None,
    )
