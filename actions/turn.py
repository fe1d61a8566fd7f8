"""One turn of a conversation as the actions see it, and the voice they answer with.

Rasa's tracker is parsed once, here, into a small typed model; the actions see no raw JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from wegweiser.texts import FALLBACK, button, languages

UNKNOWN = "unknown"
"""The value of a fact that the person does not know or does not want to say."""
HOSTS = ("CH", "DE")
SENTENCE = 3
"""Words."""


@dataclass(frozen=True)
class Turn:
    """What was said, what is remembered, and where we are in the dialogue."""

    conversation_id: str
    message_id: str
    """The mailbox row that is being answered; repeats of a turn carry the same one."""
    text: str
    is_button: bool
    intent: str
    confidence: float
    ranking: tuple[str, ...]
    """Intents by likelihood, best first, when the text was not understood."""
    odds: tuple[float, ...]
    """The likelihood of each intent of ``ranking``, 0 to 1."""
    also_asked: tuple[str, ...]
    """Further questions in the same message, in order."""
    entities: Mapping[str, tuple[str, ...]]
    language: str
    spoken: str
    """The language of this message, where it is certain and differs from ``language``."""
    slots: Mapping[str, Any]
    form: str
    today: date
    nearest: tuple[str, ...] = ()
    """For a place on the map: the region it lies in ("CH-ZH") or "elsewhere", then those near."""

    @property
    def is_sentence(self) -> bool:
        """Whether the message is long enough to tell a language: names are the same in many."""
        return _is_sentence(self.text)

    def entity(self, name: str) -> str:
        """The first value of an entity; empty when there is none."""
        return next(iter(self.entities.get(name, ())), "")

    def slot(self, name: str) -> str:
        """A remembered text; empty when there is none."""
        value = self.slots.get(name)
        return "" if value is None else str(value)

    @property
    def host(self) -> str:
        """``CH`` or ``DE``; empty when it is not known, also to the person."""
        host = self.slot("host_country")
        return host if host in HOSTS else ""

    @property
    def countries_abroad(self) -> tuple[str, ...]:
        """Countries the message names, the host countries aside."""
        return tuple(code for code in self.entities.get("country", ()) if code not in HOSTS)

    @property
    def host_named(self) -> str:
        """The host country that this very message names, by button or by word."""
        named = [code for code in self.entities.get("country", ()) if code in HOSTS]
        return self.entity("host_country") or (named[0] if len(named) == 1 else "")


def parse(tracker: Tracker, today: date) -> Turn:
    """Parse Rasa's tracker.

    The language is the one that was chosen or first detected, else what this message is written
    in, else what Telegram says the phone is set to, else English. One that only the phone told
    (the slot ``language_guessed``) gives way to what this message is written in, if it is more
    than a name or two.
    """
    message = tracker.latest_message or {}
    metadata = message.get("metadata") or {}
    entities: dict[str, list[str]] = {}
    for found in message.get("entities") or []:
        values = found["value"] if isinstance(found["value"], list) else [found["value"]]
        entities.setdefault(str(found["entity"]), []).extend(str(value) for value in values)
    spoken = _certain_language(message)
    text = str(message.get("text") or "")
    ranked = message.get("intent_ranking") or []
    return Turn(
        conversation_id=tracker.sender_id,
        message_id=str(metadata.get("message_id") or message.get("message_id") or ""),
        text=text,
        is_button=text.startswith("/"),
        intent=str((message.get("intent") or {}).get("name") or ""),
        confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
        ranking=tuple(str(one["name"]) for one in ranked),
        odds=tuple(float(one.get("confidence") or 0.0) for one in ranked),
        also_asked=tuple(map(str, message.get("also_asked") or ())),
        entities={name: tuple(values) for name, values in entities.items()},
        language=_spoken_here(
            spoken if tracker.slots.get("language_guessed") and _is_sentence(text) else None,
            tracker.slots.get("language"),
            metadata.get("language"),
            spoken,
            str(metadata.get("language_hint") or "")[:2],
        ),
        spoken=spoken,
        slots=tracker.slots,
        form=str((tracker.active_loop or {}).get("name") or ""),
        today=today,
        nearest=tuple(map(str, metadata.get("nearest") or ())),
    )


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= SENTENCE and not text.startswith("/")


def _certain_language(message: Mapping[str, Any]) -> str:
    """The language of the message itself; empty when it could be another one."""
    found = message.get("language") or {}
    if found.get("source") == "prior" or float(found.get("confidence") or 0.0) < 0.5:
        return ""
    return str(found.get("code") or "")


def _spoken_here(*candidates: str | None) -> str:
    known = {language.code for language in languages()}
    return next((code for code in candidates if code and code in known), FALLBACK)


class Voice:
    """Says responses in one language and for one host country, with buttons."""

    def __init__(self, dispatcher: CollectingDispatcher, language: str, host: str) -> None:
        self.dispatcher = dispatcher
        self.language = language
        self.host = host

    def say(self, key: str, *buttons: dict[str, str], **values: str) -> None:
        """Say a response of ``content/skeleton.yml``; its own buttons come first, then these."""
        self._say(key, buttons, {}, values)

    def picture(self, key: str, name: str, **values: str) -> None:
        """Say a response as a picture; its text is what the picture says."""
        data = {"kind": "picture", "picture": name, "language": self.language}
        self._say(key, (), data, values)

    def _say(
        self,
        key: str,
        buttons: tuple[dict[str, str], ...],
        data: dict[str, str],
        values: dict[str, str],
    ) -> None:
        self.dispatcher.utter_message(
            response=key,
            buttons=list(buttons),
            json_message=data,
            in_language=self.language,
            in_host_country=self.host,
            **values,
        )

    def place(self, text: str, data: Mapping[str, object]) -> None:
        """Show a place on a map; the text is for channels without maps."""
        self.dispatcher.utter_message(
            text=text, json_message={"kind": "venue", **data}, answer_language=self.language
        )

    def button(self, key: str, intent: str, **entities: str) -> dict[str, str]:
        """A button with the words of ``buttons.<key>`` that means ``intent`` with entities."""
        return press(button(self.language, key), intent, **entities)


def press(title: str, intent: str, **entities: str) -> dict[str, str]:
    """A button with its own words; its payload never leaves us, the chat sees only an id."""
    carried = json.dumps(entities, ensure_ascii=False) if entities else ""
    return {"title": title, "payload": f"/{intent}{carried}"}
