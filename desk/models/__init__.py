"""The tables. Rows of the first three are the mailbox; the others are what counsellors work on.

Only ``desk`` reads this module; ``bot`` and ``actions`` come through the doors.
"""

from __future__ import annotations

from desk.models.accounts import Counsellor
from desk.models.answering import CannedAnswer, CannedText, Draft, Presence, QuestionTranslation
from desk.models.archive import ArchivedAnswer, ArchivedText, QuestionVector
from desk.models.desk_log import DeskEvent
from desk.models.mailbox import Conversation, Message, Tracker, button_token, conversation_id
from desk.models.requests import InformationRequest, RequestEvent
from desk.models.satisfaction import Rating
from desk.models.teams import Team

__all__ = [
    "ArchivedAnswer",
    "ArchivedText",
    "CannedAnswer",
    "CannedText",
    "Conversation",
    "Counsellor",
    "DeskEvent",
    "Draft",
    "InformationRequest",
    "Message",
    "Presence",
    "QuestionTranslation",
    "QuestionVector",
    "Rating",
    "RequestEvent",
    "Team",
    "Tracker",
    "button_token",
    "conversation_id",
]
