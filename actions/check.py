"""Check which programmes may fit: asks only what could still change a verdict or an amount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.choices import ASKED, choices
from actions.explain import look_for, wants_explanation
from actions.facts import known, not_told, noted, read_answer, read_volunteered
from actions.interview import DONE, AskAction, Interview, ListenAction, pressed
from actions.step import Step
from actions.turn import HOSTS, UNKNOWN, Turn, Voice, press
from actions.verdicts import say_verdicts
from programmes import Facts, next_question
from wegweiser.rulebase import catalogue

STILL_TRUE = "still_true"


class CheckInterview(Interview):
    name = "check"

    def open(self, turn: Turn) -> dict[str, str | None]:
        if wants_explanation(turn):
            return {"check_answer": DONE}  # "What if I were rejected?": nothing is asked or kept
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
    offered = choices(question, turn, voice.language)
    buttons = [press(words, "inform", question=question, answer=value) for words, value in offered]
    buttons.append(voice.button("unknown", "inform", question=question, answer=UNKNOWN))
    if question != "host_country":
        buttons.append(voice.button("skip", "inform", question=question, answer=UNKNOWN))
    return buttons


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
        if wants_explanation(turn):
            look_for(turn, voice)
            return cleared
        say_verdicts(turn, voice, known(turn.slots))
        facts = {name: turn.slot(name) for name in ASKED if turn.slot(name) not in ("", UNKNOWN)}
        voice.say("utter_check_end", facts=noted(voice.language, facts))
        return cleared
