"""As much of an update as has to be known to store it: its number and whom it is about.

``bot.channels.telegram_updates`` reads the rest, and what is here in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wegweiser.encryption import encrypt_bytes, lookup_hash

CHANNEL = "telegram"
MAX_ID = 2**63


class NotAnUpdate(ValueError):
    """The text says why, without quoting it."""


@dataclass(frozen=True)
class Row:
    """What is stored of an update."""

    update_id: int
    address_hash: str
    body: str
    """Encrypted."""


def row_of(body: bytes) -> Row:
    """Check and encrypt what Telegram sent.

    Raises:
        NotAnUpdate: no JSON object with a usable ``update_id``.
    """
    try:
        update = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise NotAnUpdate("not JSON") from wrong
    update, update_id = numbered(update)
    if (bare := _without_words_of_a_group(update)) is not None:
        body = json.dumps(bare).encode()
    address = _address(update)
    address_hash = lookup_hash(CHANNEL, address) if address else ""
    return Row(update_id, address_hash, encrypt_bytes(body))


def numbered(update: object) -> tuple[Mapping[str, Any], int]:
    """An update as an object, and its id.

    Raises:
        NotAnUpdate: no object, or one without a usable ``update_id``.
    """
    if not isinstance(update, Mapping):
        raise NotAnUpdate("an update is a JSON object")
    update_id = update.get("update_id")
    if not isinstance(update_id, int) or isinstance(update_id, bool) or not 0 <= update_id < MAX_ID:
        raise NotAnUpdate("update_id is missing or not a whole number")
    return update, update_id


def part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside of one; empty where there is none."""
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _address(update: Mapping[str, Any]) -> str:
    """The contact id under which the bot knows whoever an update is about; empty for nobody."""
    for kind in ("message", "edited_message", "callback_query", "my_chat_member"):
        found = update.get(kind)
        if isinstance(found, Mapping):
            chat = part(found, "chat")
            if kind == "callback_query":
                # The message of a button may be too old to be told of; a private chat has the
                # number of the person.
                return _number(part(found, "from"))
            return _number(chat) if chat.get("type") == "private" else ""
    return ""


def _without_words_of_a_group(update: Mapping[str, Any]) -> dict[str, Any] | None:
    """We don't read along in groups: of what is said there only where it was is kept."""
    for kind in ("message", "edited_message"):
        said = update.get(kind)
        if isinstance(said, Mapping):
            chat, sender = part(said, "chat"), part(said, "from")
            if chat.get("type") == "private":
                return None
            where = {name: chat[name] for name in ("id", "type") if name in chat}
            language = {name: sender[name] for name in ("language_code",) if name in sender}
            return {"update_id": update["update_id"], kind: {"chat": where, "from": language}}
    return None


def _number(chat: Mapping[str, Any]) -> str:
    found = chat.get("id")
    return str(found) if isinstance(found, int) else ""
