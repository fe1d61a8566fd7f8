"""Between a turn of the mailbox and Rasa: what Rasa hears, and what it said.

Rasa reads any text that begins with ``/`` as an intent. Only the payload of a button that we
issued and the commands below may begin so; whatever else a person types is made harmless here.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import OutputChannel

from desk.mailbox import Answer, Button, Turn
from wegweiser.messages import messages_of
from wegweiser.texts import all_languages

COMMANDS = {
    "start": "/greet",
    "help": "/help",
    "language": "/change_language",
    "status": "/check_request",
    "stop": "/stop",
    "human": "/request_human",
    "delete": "/delete_my_data",
}
"""Telegram's menu; the names of its words are ``command_<name>`` in ``content/answers``."""
MEDIA = frozenset(
    [
        "photo",
        "voice",
        "audio",
        "video",
        "video_note",
        "document",
        "sticker",
        "animation",
        "location",
        "contact",
        "poll",
        "dice",
        "venue",
        "unknown",
    ]
)
MOST_ANSWERS = 30
MOST_CHARACTERS = 30_000
"""Said in one turn; a counsellor's longest answer is a third of it. More is a fault of ours, and
would be a flood on somebody's phone."""
HOST_COUNTRIES = {"ch": "CH", "de": "DE"}
COMMAND = re.compile(r"/(?P<name>[a-z]+)(?:@\w+)?(?:\s+(?P<rest>\S.*))?", re.ASCII | re.DOTALL)
SLASHES = frozenset("/\u2044\u2215\u29f8\u2571\u27cb\uff0f\u0338\u0337")


def heard(turn: Turn) -> list[str]:
    """The messages Rasa hears for a turn: one, or two for a picture with words under it."""
    if turn.kind == "expired_button":
        return [f"/inform{json.dumps({'media': turn.kind})}"]
    if turn.payload:
        return [turn.payload]
    if turn.kind in MEDIA:
        note = f"/inform{json.dumps({'media': turn.kind})}"
        return [note, harmless(turn.text)] if turn.text.strip() else [note]
    return [command(turn.text) or harmless(turn.text)]


def command(text: str) -> str:
    """The payload of a known Telegram command; empty for everything else.

    >>> command("/start ch")
    '/greet{"host_country": "CH"}'
    >>> command("/ask_amount")
    ''
    """
    typed = COMMAND.fullmatch(text.strip())
    if typed is None or typed["name"] not in COMMANDS:
        return ""
    carried = {}
    if typed["name"] == "start":
        carried = _linked(typed["rest"] or "")
    elif typed["name"] == "language" and _is_language((typed["rest"] or "").strip().lower()):
        carried = {"language": (typed["rest"] or "").strip().lower()}
    return COMMANDS[typed["name"]] + (json.dumps(carried) if carried else "")


def _linked(payload: str) -> dict[str, str]:
    """What a link to us says: ``ch``, ``de``, ``ch_ar``, ``lang_ar``; anything else is nothing.

    Telegram lets through letters, digits, ``_`` and ``-``. "de" alone is the country.
    """
    first, _, second = payload.strip().lower().replace("-", "_").partition("_")
    found = {}
    if first in HOST_COUNTRIES:
        found["host_country"] = HOST_COUNTRIES[first]
    if (first in HOST_COUNTRIES or first == "lang") and _is_language(second):
        found["language"] = second
    return found


def _is_language(code: str) -> bool:
    return any(one.code == code for one in all_languages())


def harmless(text: str) -> str:
    """A typed text that Rasa can't take for an intent, and that every library can encode.

    >>> harmless("\\u200b /affirm{}")
    'affirm{}'
    """
    text = encodable(text)
    start = 0
    while start < len(text) and (text[start] in SLASHES or _is_invisible(text[start])):
        start += 1
    return text[start:] if any(sign in SLASHES for sign in text[:start]) else text


def encodable(text: str) -> str:
    """Without NUL and lone surrogates, which UTF-8 has no bytes for."""
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\0", " ")


def _is_invisible(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in {"Cf", "Cc", "Zs", "Zl", "Zp", "Mn"}


def hint(turn: Turn) -> str:
    """The language to speak when nothing better is known yet."""
    return turn.language or turn.language_hint or "en"


def metadata(turn: Turn) -> dict[str, Any]:
    """What actions and graph components get to know about a message besides its text."""
    known = {
        "message_id": str(turn.message_id),
        "language": turn.language or None,
        "language_hint": turn.language_hint or None,
        "channel": turn.channel,
        "kind": turn.kind,
    }
    return known | {"nearest": list(turn.nearest)} if turn.nearest else known


class SaidTooMuch(Exception):
    """A turn came to more than anybody could read."""


class Said(OutputChannel):
    """Collects what Rasa says during a turn; nothing is sent before the turn is committed."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.answers: list[Answer] = []

    def name(self) -> str:
        return self.channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.answers += answers_of(message)
        said = sum(len(answer.text) for answer in self.answers)
        if len(self.answers) > MOST_ANSWERS or said > MOST_CHARACTERS:
            raise SaidTooMuch


def answers_of(message: Mapping[str, Any]) -> list[Answer]:
    """One of Rasa's messages as answers; none when it says nothing.

    A text is divided at its lines of ``---``; buttons and data go with the last part.
    """
    *before, text = messages_of(str(message.get("text") or "")) or [""]
    language = str(message.get("answer_language") or "")
    data = message.get("custom") or {}
    if not isinstance(data, dict):
        data = {"custom": data}
    picture = message.get("image") or message.get("attachment")
    if picture:
        data = data | {"image": picture}
    buttons = tuple(
        Button(str(one["title"]), str(one["payload"]))
        for one in [*(message.get("buttons") or ()), *(message.get("quick_replies") or ())]
        if one.get("title") and one.get("payload")
    )
    parts = [Answer(part, language=language) for part in before]
    if text or data:
        kind = str(data.get("kind", "text"))
        parts.append(Answer(text, buttons, kind, data, language))
    return parts
