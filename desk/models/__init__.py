"""The tables. Rows of the first three are the mailbox; the others are what counsellors work on.

Only ``desk`` reads this module; ``bot`` and ``actions`` come through the doors.
"""

from __future__ import annotations

from desk.models.accounts import Counsellor
from desk.models.desk_log import DeskEvent
from desk.models.mailbox import Conversation, Message, Tracker, button_token, conversation_id
from desk.models.processes import Lease, SendPace
from desk.models.requests import InformationRequest, RequestEvent
from desk.models.teams import Team

__all__ = [
    "Conversation",
    "Counsellor",
    "DeskEvent",
    "InformationRequest",
    "Lease",
    "Message",
    "RequestEvent",
    "SendPace",
    "Team",
    "Tracker",
    "button_token",
    "conversation_id",
]
