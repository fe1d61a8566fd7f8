"""Telegram's updates, parsed at the edge into a few small types; inside, no raw JSON.

An update is whatever JSON arrives. Nothing here raises on its content: what is not understood is
``Ignored`` with a reason, and a message of a kind that Telegram invents tomorrow is "unknown",
which still gets an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.channels.telegram_media import file_of, kind_of, nearest_of
from bot.webhook.update import CHANNEL, numbered, part
from desk import mailbox
from desk.mailbox import Incoming

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
    "forum_topic_created",
    "boost_added",
    "proximity_alert_triggered",
    "video_chat_started",
    "video_chat_ended",
    "connected_website",
)
"""What Telegram itself tells in a chat; nobody expects an answer to it."""


@dataclass(frozen=True)
class Message:
    """A person wrote, sent or pressed something in a private chat."""

    update_id: int
    incoming: Incoming
    callback_id: str = ""


@dataclass(frozen=True)
class MemberChange:
    """The person blocked us or came back."""

    update_id: int
    address: str
    blocked: bool


@dataclass(frozen=True)
class Group:
    """Somebody wrote or added us in a group; only where, never what."""

    update_id: int
    chat_id: int
    language_hint: str


@dataclass(frozen=True)
class Ignored:
    update_id: int
    reason: str


Update = Message | MemberChange | Group | Ignored


def parse(raw: object) -> Update:
    """One update.

    Raises:
        NotAnUpdate: no JSON object, or one without a usable ``update_id``.
    """
    raw, update_id = numbered(raw)
    for kind, read in (
        ("message", _message),
        ("edited_message", _edited),
        ("callback_query", _pressed),
        ("my_chat_member", _member),
    ):
        value = raw.get(kind)
        if isinstance(value, Mapping):
            return read(update_id, value)
    return Ignored(update_id, "kind not asked for")


def reduced(update: Update | None) -> Update | None:
    """Of a message that can't be stored as it is, what still gets the person an answer."""
    if not isinstance(update, Message):
        return None
    full = update.incoming
    bare = Incoming(
        full.channel,
        full.address,
        # The row of its album would hide that there were words.
        full.own_key if full.text and full.own_key else full.key,
        kind="unknown",
        external_id=full.external_id,
    )
    return replace(update, incoming=bare)


def change_of(update: Update | None) -> partial[Any] | None:
    """What an update changes in the mailbox; None for nothing."""
    if isinstance(update, Message):
        return partial(mailbox.receive, update.incoming)
    if isinstance(update, MemberChange):
        change = mailbox.block if update.blocked else mailbox.unblock
        return partial(change, CHANNEL, update.address)
    return None


def tell_text(update: Update, to: Callable[[str], None]) -> None:
    """Of a message that is read as it is typed."""
    if isinstance(update, Message) and update.incoming.kind in ("text", "edited"):
        to(update.incoming.text)


def _message(update_id: int, message: Mapping[str, Any], *, edited: bool = False) -> Update:
    sender, chat = part(message, "from"), part(message, "chat")
    chat_id = chat.get("id")
    if not isinstance(chat_id, int):
        return Ignored(update_id, "no chat")
    if chat.get("type") != "private":
        return Group(update_id, chat_id, _language(sender))
    if sender.get("is_bot"):
        return Ignored(update_id, "from a bot")
    if any(kind in message for kind in SERVICE):
        return Ignored(update_id, "service message")
    text = message.get("text")
    kind = "text"
    if not isinstance(text, str):
        kind = kind_of(message)
        text = message.get("caption")
    if edited:
        kind = "edited"  # also of the words below a picture, which was answered before
    return Message(
        update_id,
        Incoming(
            channel=CHANNEL,
            address=str(chat_id),
            **_keys(update_id, message),
            text=text if isinstance(text, str) else "",
            kind=kind,
            language_hint=_language(sender),
            external_id=str(message.get("message_id", ""))[:32],
            file=file_of(kind, message, update_id),
            nearest=nearest_of(message) if kind in ("location", "venue") else (),
        ),
    )


def _keys(update_id: int, message: Mapping[str, Any]) -> dict[str, str]:
    """Unique for what a person sent: an album of ten pictures is one thing, answered once.

    Words may stand below any of them, and with a webhook come after one without.
    """
    album, own = message.get("media_group_id"), f"tg:{update_id}"
    if isinstance(album, (str, int)):
        return {"key": f"tg:album:{album}"[:120], "own_key": own}
    return {"key": own}


def _edited(update_id: int, message: Mapping[str, Any]) -> Update:
    """The new text is answered; an edit that leaves no text (a live location) is no question."""
    if not isinstance(message.get("text"), str) and not message.get("caption"):
        return Ignored(update_id, "edit without text")
    without_album = {name: value for name, value in message.items() if name != "media_group_id"}
    return _message(update_id, without_album, edited=True)


def _pressed(update_id: int, query: Mapping[str, Any]) -> Update:
    sender, message = part(query, "from"), part(query, "message")
    chat = part(message, "chat")
    sender_id = sender.get("id")
    if not isinstance(sender_id, int):
        return Ignored(update_id, "no sender")
    if chat.get("type", "private") != "private":
        return Ignored(update_id, "button in a group")
    data = query.get("data")
    return Message(
        update_id,
        Incoming(
            channel=CHANNEL,
            # Messages that are too old have no chat; a private one has the sender's id.
            address=str(sender_id),
            key=f"tg:{update_id}",
            kind="button",
            # A button without our data is not ours: "expired" is the kind answer to it.
            button=data if isinstance(data, str) and data else "?",
            language_hint=_language(sender),
            external_id=str(message.get("message_id", ""))[:32],
        ),
        callback_id=str(query.get("id", "")),
    )


def _member(update_id: int, change: Mapping[str, Any]) -> Update:
    chat, status = part(change, "chat"), part(change, "new_chat_member").get("status")
    chat_id = chat.get("id")
    if not isinstance(chat_id, int):
        return Ignored(update_id, "no chat")
    if chat.get("type") == "private":
        return MemberChange(update_id, str(chat_id), blocked=status in ("kicked", "left"))
    if status in ("member", "administrator") and chat.get("type") != "channel":
        return Group(update_id, chat_id, _language(part(change, "from")))
    return Ignored(update_id, "membership in a group")


def _language(sender: Mapping[str, Any]) -> str:
    """The first part of Telegram's language tag: "pt-br" is "pt"."""
    tag = sender.get("language_code")
    return tag.partition("-")[0].lower()[:8] if isinstance(tag, str) else ""
