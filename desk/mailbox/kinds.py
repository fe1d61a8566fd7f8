"""What passes through the mailbox door: plain, frozen values, no table rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class LostClaim(Exception):
    """The lease ran out and another process took the conversation; nothing was written."""


FOR_ASSISTANT = "for_assistant"
"""The kind of a row that the assistant answers also while a counsellor has the conversation."""


@dataclass(frozen=True)
class FileSent:
    """A file as a channel announces it; nothing of it has been fetched."""

    key: str
    """Unique; the files of one message have one each."""
    kind: str
    """``photo``, ``pdf`` or ``voice`` as the sender says; empty for what is not taken."""
    remote_id: str
    size: int = 0
    """Bytes; 0 when the channel does not say."""


class TooFast(Exception):
    """Nobody may send on this channel for ``wait`` seconds; nothing was claimed."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True)
class Incoming:
    """What a channel hands in. ``key`` is the channel's own id of it, e.g. ``tg:123``."""

    channel: str
    address: str
    key: str
    """Pictures of one album have the same: they are one row."""
    text: str = ""
    kind: str = "text"
    button: str = ""
    """The id of a button that we issued, ``<token>:<n>``; empty for everything else."""
    language_hint: str = ""
    external_id: str = ""
    file: FileSent | None = None
    nearest: tuple[str, ...] = ()
    """For a place on the map: where it is and the regions nearest to it, never where exactly."""
    own_key: str = ""
    """Where ``key`` is shared: the key of the row for words that the shared row does not have."""


@dataclass(frozen=True)
class Received:
    message_id: int
    conversation_id: str
    is_new: bool
    button_expired: bool = False


@dataclass(frozen=True)
class Turn:
    """One message that this worker alone may answer until its lease ends."""

    worker: str
    message_id: int
    conversation_id: str
    channel: str
    kind: str
    text: str
    payload: str
    """The Rasa payload of a pressed button (``/intent{...}``); empty for typed text."""
    language: str
    language_hint: str
    attempt: int
    address: str = ""
    external_id: str = ""
    """The channel's own id of the message."""
    nearest: tuple[str, ...] = ()
    is_suspect: bool = False
    """It was in hand when a process died."""
    is_poison: bool = False
    """It was in hand at too many crashes of the process: set it aside without trying again."""
    is_busy: bool = False
    """The conversation was answered a moment ago, or this is surplus: while others write, such
    turns share one place of a worker."""
    is_surplus: bool = False
    """The person writes faster than is answered one by one (``desk.mailbox.rates``)."""
    joined: tuple[int, ...] = ()
    """Messages that are read together with this one; they share its end."""


@dataclass(frozen=True)
class Button:
    title: str
    payload: str


@dataclass(frozen=True)
class Answer:
    """One outgoing message of a turn."""

    text: str
    buttons: tuple[Button, ...] = ()
    kind: str = "text"
    data: dict[str, Any] = field(default_factory=dict)
    language: str = ""
    """Of the text, for screen readers and its direction."""


@dataclass(frozen=True)
class Learned:
    """What the desk shows about a conversation; ``None`` leaves the column as it is."""

    language: str | None = None
    host_country: str | None = None
    country: str | None = None
    topic: str | None = None


@dataclass(frozen=True)
class Counted:
    """What a turn adds one to, for the figures of the day; nothing of who it was."""

    kind: str
    """``asked`` or ``not_understood``."""
    name: str = ""
    """The intent that was asked about."""


@dataclass(frozen=True)
class Delivery:
    """One outgoing message that this sender alone may send until its lease ends."""

    sender: str
    message_id: int
    conversation_id: str
    channel: str
    address: str
    language: str
    text: str
    buttons: tuple[tuple[str, str], ...]
    """(button id, title) in order."""
    kind: str
    data: dict[str, Any]
    attempt: int
    parts_sent: int = 0
    """How many parts of a long text arrived at an earlier attempt; they are not sent again."""
    doubt: str = ""
    """Why one of these parts may not have arrived; empty when all did."""
    twice: str = ""
    """Why an earlier attempt may have arrived although it was told to have failed."""


class Outcome(Enum):
    """How an attempt to send ended."""

    SENT = "sent"
    UNKNOWN = "unknown"
    """The other side may have taken it: a time-out while reading. Never sent again by itself."""
    RETRY = "retry"
    BLOCKED = "blocked"
    REFUSED = "refused"
    """For good: the text or the chat is not accepted."""
