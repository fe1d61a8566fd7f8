"""The tables. Rows of the first three are the mailbox; the others are what counsellors work on.

Only ``desk`` reads this module; ``bot`` and ``actions`` come through the doors.
"""

from __future__ import annotations

from desk.models.accounts import Counsellor
from desk.models.answering import CannedAnswer, CannedText, Draft, Presence, QuestionTranslation
from desk.models.archive import ArchivedAnswer, ArchivedText, QuestionVector
from desk.models.daily_count import DailyCount
from desk.models.desk_log import DeskEvent
from desk.models.files import FileContent, StoredFile
from desk.models.mailbox import (
    IS_LIVE,
    Conversation,
    Message,
    Tracker,
    button_token,
    conversation_id,
)
from desk.models.processes import Lease, SendPace
from desk.models.requests import InformationRequest, RequestEvent
from desk.models.satisfaction import Rating
from desk.models.teams import Team
from desk.models.unread import UnreadUpdate
from desk.models.worklist import ListSettings, SavedView, SearchWord

__all__ = [
    "IS_LIVE",
    "ArchivedAnswer",
    "ArchivedText",
    "CannedAnswer",
    "CannedText",
    "Conversation",
    "Counsellor",
    "DailyCount",
    "DeskEvent",
    "Draft",
    "FileContent",
    "InformationRequest",
    "Lease",
    "ListSettings",
    "Message",
    "Presence",
    "QuestionTranslation",
    "QuestionVector",
    "Rating",
    "RequestEvent",
    "SavedView",
    "SearchWord",
    "SendPace",
    "StoredFile",
    "Team",
    "Tracker",
    "UnreadUpdate",
    "button_token",
    "conversation_id",
]
