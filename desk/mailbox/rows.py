"""A new row of the table of messages, written without Django's query builder, which costs more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.mailbox import database
from desk.mailbox import statements as sql
from desk.models import Message
from desk.models.mailbox import button_token
from wegweiser.encryption import encrypt


@dataclass(frozen=True)
class NewMessage:
    """What differs from row to row; the columns are those of ``desk.models.Message``."""

    key: str
    conversation_id: str
    direction: str
    author: str
    kind: str
    text: str
    payload: Any = None
    language: str = ""
    state: str = Message.State.WAITING
    surplus: bool = False
    answers_to: int | None = None
    external_id: str = ""
    settled_at: datetime | None = None


def add(row: NewMessage, now: datetime) -> int | None:
    """The id of the new row; None when its key is there already, and then nothing is changed."""
    added = database.change_returning(
        sql.ADD_MESSAGE,
        [
            row.key[:120],
            row.conversation_id,
            str(row.direction),
            str(row.author),
            row.kind[:16],
            encrypt(row.text) if row.text else row.text,
            None if row.payload is None else encrypt(json.dumps(row.payload)),
            row.language[:8],
            str(row.state),
            row.surplus,
            row.answers_to,
            row.external_id[:32],
            row.settled_at,
            button_token(),
            now,
        ],
    )
    return None if added is None else int(added[0])
