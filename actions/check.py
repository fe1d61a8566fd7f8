"""Check which programmes may fit: asks only what could still change a verdict or an amount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.facts import in_words, known, not_told, noted, read_answer, read_volunteered
from actions.interview import AskAction, Interview, ListenAction, pressed
from actions.rules import catalogue
from actions.step import Step
from actions.turn import HOSTS, UNKNOWN, Turn, Voice, press
from actions.verdicts import say_verdicts
from programmes import FACTS, NEVER_ASKED, Facts, next_question
from wegweiser.texts import texts
from wegweiser.wording import months, number

ASKED = tuple(name for name in FACTS if name not in NEVER_ASKED)
STATUSES = {
    "CH": (
        "asylum_pending",
        "asylum_rejected",
        "temporarily_admitted",
        "temporary_protection",
        "protected",
        "residence_permit",
        "undocumented",
    ),
    "DE": (
        "asylum_pending",
        "tolerated",
        "asylum_rejected",
        "protected",
        "temporary_protection",
        "residence_permit",
        "undocumented",
    ),
}
"""Statuses offered as buttons, the commonest first; "tolerated" exists in Germany only."""
PLACES = ("federal_centre", "airport_transit", "canton")
MONTHS = (3, 6, 12, 24, 60)
STILL_TRUE = "still_true"


class CheckInterview(Interview):
    name = "check"

    def open(self, turn: Turn) -> dict[str, str | None]:
        if turn.entity("answer") == "again":
            return dict.fromkeys((name for name in ASKED if name != "host_country"), None)
        return dict(read_volunteered(turn))

    def next(self, slots: Mapping[str, Any], turn: Turn) -> str | None:
        host = slots.get("host_country")
        if host not in HOSTS:
            return None if host == UNKNOWN else "host_country"
        return next_question(
            catalogue(), Facts.read(known(slots)), None, turn.today, skip=not_told(slots)
        )

    def ask(self, question: str | None, turn: Turn, voice: Voice) -> str:
        if question is None:
            facts = {name: turn.slot(name) for name in ASKED if turn.slot(name)}
            voice.say(
                "utter_check_still_true",
                voice.button("yes", "inform", question=STILL_TRUE, answer="yes"),
                voice.button("check_again", "inform", question=STILL_TRUE, answer="again"),
                voice.button("human", "request_human"),
                facts=noted(voice.language, facts),
            )
            return STILL_TRUE
        voice.say(f"utter_check_ask_{question}", *_buttons(question, turn, voice))
        return question

    def read(self, question: str, turn: Turn, voice: Voice) -> dict[str, str | None] | None:
        if question == STILL_TRUE:
            return self._still_true(turn)
        if turn.is_button and turn.entity("host_country"):
            return self._moved(turn, turn.host_named)
        # A button of an earlier question changes that answer.
        earlier = turn.entity("question") if turn.entity("question") in ASKED else question
        answer = pressed(turn, earlier) or read_answer(question, turn)
        if not answer:
            return None
        got: dict[str, str | None] = {earlier: answer}
        if earlier == "adults" and len(turn.entities.get("number", ())) > 1:
            got["minors"] = turn.entities["number"][1]  # "2 adults, 3 children"
        if earlier == "host_country":
            return self._moved(turn, answer)
        return got if _readable({**turn.slots, **got}) else None

    def _moved(self, turn: Turn, host: str) -> dict[str, str | None]:
        """The host country, and nothing more of the other one."""
        stale = ("place", "canton", "land") if host != turn.host else ()
        return {"host_country": host, **dict.fromkeys(stale, None)}

    def _still_true(self, turn: Turn) -> dict[str, str | None] | None:
        answer = pressed(turn, STILL_TRUE)
        if answer == "yes" or (not turn.is_button and turn.intent == "affirm"):
            return {"check_question": None}
        if answer == "again" or (not turn.is_button and turn.intent == "deny"):
            return dict.fromkeys((name for name in ASKED if name != "host_country"), None)
        return None


def _readable(slots: Mapping[str, Any]) -> bool:
    """Whether the rules base accepts the facts together (a household of nobody is refused)."""
    facts = known(slots)
    return not (facts.get("adults") == 0 and facts.get("minors") == 0)


def _buttons(question: str, turn: Turn, voice: Voice) -> list[dict[str, str]]:
    def choice(words: str, answer: str) -> dict[str, str]:
        return voice.button(words, "inform", question=question, answer=answer)

    def plain(title: str, answer: str) -> dict[str, str]:
        return press(title, "inform", question=question, answer=answer)

    leave = [choice("unknown", UNKNOWN), choice("skip", UNKNOWN)]
    if question == "host_country":
        return [choice("switzerland", "CH"), choice("germany", "DE"), choice("unknown", UNKNOWN)]
    if question == "status":
        return [
            *(choice(_status_words(one, turn, voice), one) for one in STATUSES.get(turn.host, ())),
            *leave,
        ]
    if question == "place":
        return [*(choice(one, one) for one in PLACES), *leave]
    if question == "destination" and turn.slot("nationality") not in ("", UNKNOWN):
        home = turn.slot("nationality")
        return [plain(in_words(voice.language, "nationality", home), home), *leave]
    if FACTS[question].kind == "flag":
        return [choice("yes", "true"), choice("no", "false"), *leave]
    if question == "adults":
        return [*(plain(number(one, voice.language), str(one)) for one in (1, 2)), *leave]
    if question == "minors":
        return [*(plain(number(one, voice.language), str(one)) for one in range(5)), *leave]
    if FACTS[question].kind == "count":
        return [*(plain(months(one, voice.language), str(one)) for one in MONTHS), *leave]
    return leave


def _status_words(status: str, turn: Turn, voice: Voice) -> str:
    """The button of a status; some are called differently in the two countries."""
    here = f"status_{status}_{turn.host.lower()}"
    return here if here in texts(voice.language).buttons else f"status_{status}"


class ListenCheck(ListenAction):
    interview = CheckInterview()


class AskCheck(AskAction):
    interview = CheckInterview()


class CheckResult(Step):
    """What is likely, what is not and why, what is missing, and where to go."""

    action = "action_check_result"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        cleared: list[EventType] = [
            SlotSet("check_answer", None),
            SlotSet("check_question", None),
            SlotSet("topic", "check_eligibility"),
        ]
        if turn.host not in HOSTS:
            voice.say("utter_ask_host_country")
            return [*cleared, SlotSet("host_country", None)]
        say_verdicts(turn, voice, known(turn.slots))
        facts = {name: turn.slot(name) for name in ASKED if turn.slot(name)}
        voice.say("utter_check_end", facts=noted(voice.language, facts))
        return cleared
