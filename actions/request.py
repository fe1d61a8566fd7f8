"""A request for information: written with the person, read back, and opened at the desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import before_sending
from actions.choices import ASKED
from actions.facts import noted, says_unknown
from actions.interview import AskAction, Interview, ListenAction, pressed
from actions.step import Step
from actions.turn import HOSTS, UNKNOWN, Turn, Voice, press
from desk.mailbox.files import drop_drafts, send_drafts
from desk.requests import NewRequest, open_request
from wegweiser.texts import texts, word
from wegweiser.wording import country_name, day

TOPICS = (
    "medical",
    "housing",
    "work",
    "education",
    "social",
    "family",
    "business",
    "documents",
    "transport",
    "other",
)
QUESTIONS = ("consent", "host_country", "country", "place", "topic", "text", "share", "confirmed")
DRAFT = tuple(f"request_{one}" for one in QUESTIONS if one != "host_country")
CHANGEABLE = ("country", "place", "topic", "text")
NOT_AN_ANSWER = ("stop", "report_danger", "delete_my_data", "change_language")
"""What a person means by these is more urgent than the question they are asked."""
DOUBTFUL_DANGER = 0.5
"""Up to this confidence "danger" is a second look's suspicion (bot.nlu.intent_classifier)."""
MAX_PLACE, MAX_TEXT = 120, 1500
# Case numbers, phone numbers, addresses of mail: not needed for the question, and not passed on.
IDENTIFYING = re.compile(
    r"(?:\+?\d[\d\s./-]{6,}\d)|(?:\bN[\s-]?\d{3}[\s.-]?\d{3}\b)|(?:\S+@\S+\.\S+)"
)


def slot_of(question: str) -> str:
    return question if question == "host_country" else f"request_{question}"


class RequestInterview(Interview):
    name = "request"

    def open(self, turn: Turn) -> dict[str, str | None]:
        if before_sending.goes_on(turn):
            return {"request_confirmed": None}
        opened: dict[str, str | None] = {"request_consent": None, "request_confirmed": None}
        if turn.entity("topic") in TOPICS:
            opened["request_topic"] = turn.entity("topic")
        if turn.countries_abroad:
            opened["request_country"] = turn.countries_abroad[0]
        if turn.host_named:
            opened["host_country"] = turn.host_named
        return opened

    def next(self, slots: Mapping[str, Any], turn: Turn) -> str | None:
        if slots.get("request_confirmed") == "change":
            return "change"
        ended = slots.get("request_confirmed") in ("cancel", before_sending.HELPED)
        if slots.get("request_consent") == "no" or ended:
            return None
        for question in QUESTIONS:
            value = slots.get(slot_of(question))
            if value is None or (question == "host_country" and value not in HOSTS):
                return question
        return None

    def ask(self, question: str | None, turn: Turn, voice: Voice) -> str:
        asked = question or "confirmed"
        if asked == "confirmed" and before_sending.offer(turn, voice):
            return before_sending.QUESTION
        key, values = f"utter_request_ask_{asked}", {}
        if asked == "text":
            special = f"{key}_{turn.slot('request_topic')}"
            key = special if special in texts(voice.language).responses else key
        if asked == "confirmed":
            values = {"summary": summary(turn, voice.language)}
        voice.say(key, *_buttons(asked, turn, voice), **values)
        return asked

    def read(self, question: str, turn: Turn, voice: Voice) -> dict[str, str | None] | None:
        if question == "change" and pressed(turn, "request_change"):
            return _change(turn.entity("answer"))
        read = before_sending.read(question, turn)
        if read is not None:
            return read
        changed = pressed_slot(turn)
        if changed:
            return changed
        if turn.is_button or is_urgent(turn):
            return None
        if turn.intent == "report_danger":
            # A dose of insulin can sound alarming: the question is kept, and the numbers are said.
            voice.say("utter_danger_numbers")
        # What else is written below an archived answer is no text of the request.
        return None if question == before_sending.QUESTION else _typed(question, turn, voice)


def is_urgent(turn: Turn) -> bool:
    """Whether what was meant comes before the question that was asked."""
    doubtful = turn.intent == "report_danger" and turn.confidence <= DOUBTFUL_DANGER
    return turn.intent in NOT_AN_ANSWER and not doubtful


def pressed_slot(turn: Turn) -> dict[str, str | None] | None:
    """What a button of this interview sets, whichever question it stood under."""
    if turn.is_button and turn.host_named:
        return {"host_country": turn.host_named}
    slot = turn.entity("question")
    return {slot: turn.entity("answer")} if slot in map(slot_of, QUESTIONS) else None


def _change(answer: str) -> dict[str, str | None] | None:
    if answer in CHANGEABLE:
        return {f"request_{answer}": None, "request_confirmed": None}
    return {"request_confirmed": None} if answer == "back" else None


def _typed(question: str, turn: Turn, voice: Voice) -> dict[str, str | None] | None:
    if question in ("consent", "share"):
        return _yes_no(f"request_{question}", turn)
    if question == "host_country":
        return {"host_country": turn.host_named} if turn.host_named else None
    if question == "confirmed":
        yes_no = {"affirm": "yes", "deny": "change"}.get(turn.intent)
        return {"request_confirmed": yes_no} if yes_no else None
    if question == "topic":
        return {"request_topic": turn.entity("topic")} if turn.entity("topic") in TOPICS else None
    if says_unknown(turn) and question in ("country", "place"):
        return {f"request_{question}": UNKNOWN}
    if question == "country":
        return {"request_country": turn.countries_abroad[0]} if turn.countries_abroad else None
    return _free_text(question, turn, voice)


def _yes_no(slot: str, turn: Turn) -> dict[str, str | None] | None:
    answer = {"affirm": "yes", "deny": "no"}.get(turn.intent)
    return {slot: answer} if answer else None


def _free_text(question: str, turn: Turn, voice: Voice) -> dict[str, str | None] | None:
    limit = MAX_PLACE if question == "place" else MAX_TEXT
    text = " ".join(turn.text.split())[:limit]
    if len(text) < 2:
        return None
    kept = IDENTIFYING.sub("[…]", text)
    if kept != text:
        voice.say("utter_request_numbers_removed")
    return {f"request_{question}": kept}


def _buttons(question: str, turn: Turn, voice: Voice) -> list[dict[str, str]]:
    def choice(words: str, answer: str) -> dict[str, str]:
        return voice.button(words, "inform", question=slot_of(question), answer=answer)

    cancel = voice.button("cancel_request", "stop")
    if question == "consent":
        return [choice("yes", "yes"), choice("no", "no"), voice.button("privacy", "ask_privacy")]
    if question == "host_country":
        return [choice("switzerland", "CH"), choice("germany", "DE"), cancel]
    if question == "country":
        offered = [turn.slot(name) for name in ("destination", "nationality", "country")]
        slot = slot_of("country")
        codes = dict.fromkeys(code for code in offered if code and code != UNKNOWN)
        buttons = [
            press(country_name(code, voice.language), "inform", question=slot, answer=code)
            for code in codes
        ]
        return [*buttons, choice("unknown", UNKNOWN), cancel]
    if question == "place":
        return [choice("unknown", UNKNOWN), choice("skip", UNKNOWN), cancel]
    if question == "topic":
        return [*(choice(f"topic_{topic}", topic) for topic in TOPICS), cancel]
    if question == "text":
        return [voice.button("human", "request_human"), cancel]
    if question == "share":
        return [choice("share_yes", "yes"), choice("share_no", "no"), cancel]
    if question == "change":
        return [*(choice(f"change_{one}", one) for one in CHANGEABLE), choice("back", "back")]
    return [choice("send", "yes"), choice("change", "change"), cancel]


def summary(turn: Turn, language: str) -> str:
    """The request read back, a line for each part; the person's own words as they wrote them."""

    def said(slot: str) -> str:
        value = turn.slot(slot)
        return word(language, "not_given") if value in ("", UNKNOWN) else value

    country = said("request_country")
    if country.isupper() and len(country) == 2:
        country = country_name(country, language)
    shared = "share_yes" if turn.slot("request_share") == "yes" else "share_no"
    lines = [
        f"{word(language, 'summary.country')}: {country}",
        f"{word(language, 'summary.place')}: {said('request_place')}",
        f"{word(language, 'summary.topic')}: "
        f"{word(language, 'topic.' + (turn.slot('request_topic') or 'other'))}",
        f"{word(language, 'summary.question')}: {said('request_text')}",
        word(language, f"summary.{shared}"),
    ]
    facts = facts_to_share(turn)
    if facts:
        lines.append(f"{word(language, 'summary.facts')}: {noted(language, facts)}")
    return "\n".join(lines)


def facts_to_share(turn: Turn) -> dict[str, str]:
    """What the person told about their situation; empty unless they agreed that it is passed on.

    The host country goes with every request, and what is never asked is never passed on.
    """
    if turn.slot("request_share") != "yes":
        return {}
    told = {name: turn.slot(name) for name in ASKED if name != "host_country"}
    return {name: value for name, value in told.items() if value not in ("", UNKNOWN)}


class ListenRequest(ListenAction):
    interview = RequestInterview()


class AskRequest(AskAction):
    interview = RequestInterview()


class SendRequest(Step):
    """Open the request at the desk; its number is told only once it is stored."""

    action = "action_send_request"

    def take(self, turn: Turn, voice: Voice) -> list[EventType]:
        cleared = [SlotSet(slot, None) for slot in ("request_answer", "request_question")]
        if turn.slot("request_confirmed") == before_sending.HELPED:
            before_sending.say_kept(voice)
            return [*cleared, SlotSet("request_confirmed", None)]
        if turn.slot("request_confirmed") != "yes":
            drop_drafts(turn.conversation_id)
            voice.say("utter_request_cancelled")
            return [*cleared, SlotSet("request_confirmed", None)]
        country = turn.slot("request_country")
        place = turn.slot("request_place")
        opened = open_request(
            NewRequest(
                origin_key=f"message:{turn.message_id}",
                conversation_id=turn.conversation_id,
                language=voice.language,
                host_country=turn.host,
                topic=turn.slot("request_topic") or "other",
                question=turn.slot("request_text"),
                country="" if country == UNKNOWN else country,
                place="" if place == UNKNOWN else place,
                shares_conversation=turn.slot("request_share") == "yes",
                facts=facts_to_share(turn),
            )
        )
        send_drafts(turn.conversation_id, opened.reference)
        voice.say(
            "utter_request_sent",
            reference=opened.reference,
            date=day(opened.promised_on, voice.language),
        )
        return [*cleared, *(SlotSet(slot, None) for slot in DRAFT)]
