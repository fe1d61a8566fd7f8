"""What the assistant says, in the person's language: Rasa's NaturalLanguageGenerator.

``content/skeleton.yml`` has the buttons of a response, the language file in ``content/answers`` the
words. Amounts, numbers and addresses are placeholders that are filled from
figures, slots and what an action passes, in this order. Nobody ever gets silence or a hole in a
sentence: what can't be filled is logged and said in English, and at worst in a neutral sentence.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Mapping
from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator, ResponseVariationFilter
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.wording import Incomplete, Values, complete, title
from wegweiser.texts import FALLBACK, TextsError, languages, skeleton, texts

logger = logging.getLogger(__name__)

LAST_RESORT = "I am sorry, I cannot answer this right now. Please try again, or ask for a person."
HUMAN = {"title": "human", "payload": "/request_human"}
NOT_VALUES = frozenset(
    [
        "text",
        "buttons",
        "elements",
        "custom",
        "template",
        "response",
        "image",
        "attachment",
        "quick_replies",
    ]
)
"""Names under which Rasa hands over parts of a message, not values for placeholders."""


class Answers(NaturalLanguageGenerator):
    """Named in ``endpoints.yml``."""

    def __init__(self, endpoint_config: object = None, domain: Domain | None = None) -> None:
        """Rasa makes it before any model is loaded, so nothing is taken from the domain."""

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any]:
        slots = tracker.current_slot_values()
        values = {key: value for key, value in kwargs.items() if key not in NOT_VALUES}
        # An action may have just learned them: its events are applied only after it has spoken.
        language = spoken(values.pop("in_language", "")) or language_of(tracker)
        if values.get("in_host_country"):
            slots["host_country"] = values.pop("in_host_country")
        translate(kwargs.get("buttons"), language)
        return compose(
            utter_action,
            language,
            slots,
            values,
            channel=output_channel,
            last=_last_variation(tracker, utter_action),
        )


def say(key: str, language: str, **values: Any) -> dict[str, Any]:
    """A response outside of a dialogue, e.g. the apology for a message that was set aside."""
    return compose(key, spoken(language) or FALLBACK, {}, values)


def language_of(tracker: DialogueStateTracker) -> str:
    """The person's choice, else what they wrote in, else Telegram's hint, else English."""
    message = tracker.latest_message
    parsed = (message.parse_data if message else None) or {}
    metadata = (message.metadata if message else None) or {}
    detected = parsed.get("language")
    candidates = (
        tracker.slots["language"].value if "language" in tracker.slots else None,
        detected.get("code") if isinstance(detected, Mapping) else None,
        metadata.get("language"),
        metadata.get("language_hint"),
    )
    return next(filter(None, map(spoken, candidates)), FALLBACK)


def spoken(language: object) -> str:
    """The code of a language if the assistant has texts in it; else empty."""
    code = str(language or "").partition("-")[0].lower()
    return code if any(one.code == code for one in languages()) else ""


def translate(buttons: object, language: str) -> None:
    """Replace the keys on an action's buttons by words, in place: Rasa adds them to the answer."""
    if not isinstance(buttons, list):
        return
    for button in buttons:
        if isinstance(button, dict) and isinstance(button.get("title"), str):
            button["title"] = title(button["title"], language)


def compose(
    key: str,
    language: str,
    slots: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    channel: str = "",
    last: int | None = None,
) -> dict[str, Any]:
    """One message in Rasa's form: text, buttons, and which variation it is. Never raises."""
    for code in dict.fromkeys((language, FALLBACK)):
        for number, chosen in _in_order(code, key, channel, slots, last):
            try:
                return _filled(chosen, key, number, code, slots, values)
            except Incomplete as missing:
                logger.error("answer.hole key=%s language=%s missing=%s", key, code, missing)
    logger.error("answer.missing key=%s language=%s", key, language)
    if key != "utter_default":
        return compose("utter_default", language, {}, {}) | {"utter_action": key}
    human = HUMAN | {"title": title(HUMAN["title"], language, "Talk to a person")}
    return {
        "text": LAST_RESORT,
        "buttons": [human],
        "utter_action": key,
        "answer_language": FALLBACK,
    }


def _filled(
    chosen: Mapping[str, Any],
    key: str,
    number: int,
    language: str,
    slots: Mapping[str, Any],
    values: Mapping[str, Any],
) -> dict[str, Any]:
    known = Values(language, slots, values)
    buttons = chosen.get("buttons") or skeleton().get(key) or ()
    answer: dict[str, Any] = {
        "text": complete(str(chosen.get("text", "")), known),
        "buttons": [
            {
                "title": complete(title(str(one["title"]), language), known),
                "payload": str(one["payload"]),
            }
            for one in buttons
        ],
        "variation": number,
        "answer_language": language,
        "utter_action": key,
    }
    custom = chosen.get("custom")
    if custom:
        answer["custom"] = dict(custom)
    return answer


def _in_order(
    language: str, key: str, channel: str, slots: Mapping[str, Any], last: int | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The fitting variations in random order, the one said last at the end."""
    try:
        responses = texts(language).responses
    except TextsError as broken:
        logger.error("texts.broken language=%s %s", language, broken)
        return
    fitting = _suitable(responses, key, channel, slots)
    everything = responses.get(key, [])
    numbered = [(next(n for n, x in enumerate(everything) if x is one), one) for one in fitting]
    random.shuffle(numbered)
    yield from sorted(numbered, key=lambda one: one[0] == last)


def _suitable(
    responses: dict[str, list[dict[str, Any]]], key: str, channel: str, slots: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rasa's own choice by ``condition:`` and ``channel:``."""
    if key not in responses:
        return []
    found: list[dict[str, Any]] = ResponseVariationFilter(responses).responses_for_utter_action(
        key, channel, dict(slots)
    )
    return found


def _last_variation(tracker: DialogueStateTracker, key: str) -> int | None:
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and event.metadata.get("utter_action") == key:
            number = event.metadata.get("variation")
            return number if isinstance(number, int) else None
    return None
