"""The mailbox door: every message is a row before it is anything else.

``receive`` stores what a person sent. ``claim_turn`` gives the oldest waiting message of a
conversation that nobody else holds; ``commit_turn`` writes the answers, Rasa's memory and "done"
in one transaction, so a crash at any line leaves either the waiting message or the whole turn.
``claim_delivery`` and ``settle`` do the same for what goes out. ``docs/mailbox.md`` has the states.

All functions are synchronous and short; a process with an event loop calls them in a thread.
"""

from __future__ import annotations

from desk.mailbox.deliveries import (
    GIVE_UP_DELIVERY_AFTER,
    claim_delivery,
    finish_erasure,
    next_delivery,
    pause_before_retry,
    release_delivery,
    settle,
    settle_and_go_on,
    take_back,
)
from desk.mailbox.housekeeping import backlog, free_leases_of, mark_abandoned, sending
from desk.mailbox.in_doubt import DELIVERY_LEASE, mark_interrupted, record_part, record_twice
from desk.mailbox.inbox import (
    MAX_TEXT,
    block,
    conversation_for,
    receive,
    receive_all,
    taken_over,
    unblock,
)
from desk.mailbox.kinds import (
    Answer,
    Button,
    Counted,
    Delivery,
    FileSent,
    Incoming,
    Learned,
    LostClaim,
    Outcome,
    Received,
    TooFast,
    Turn,
)
from desk.mailbox.leases import hold_lease, release_lease
from desk.mailbox.listening import tell
from desk.mailbox.memory import load_tracker, save_tracker
from desk.mailbox.pace import rest
from desk.mailbox.rates import is_a_script
from desk.mailbox.turns import (
    TURN_ATTEMPTS,
    TURN_CRASHES,
    TURN_LEASE,
    claim_turn,
    commit_turn,
    fail_turn,
    release,
    set_aside,
    undo_claim,
)
from desk.mailbox.typing_signs import typing_to
from desk.mailbox.unread import Unread, read_updates, unread_updates
from desk.mailbox.web import web_arrived

__all__ = [
    "DELIVERY_LEASE",
    "GIVE_UP_DELIVERY_AFTER",
    "MAX_TEXT",
    "TURN_ATTEMPTS",
    "TURN_CRASHES",
    "TURN_LEASE",
    "Answer",
    "Button",
    "Counted",
    "Delivery",
    "FileSent",
    "Incoming",
    "Learned",
    "LostClaim",
    "Outcome",
    "Received",
    "TooFast",
    "Turn",
    "Unread",
    "backlog",
    "block",
    "claim_delivery",
    "claim_turn",
    "commit_turn",
    "conversation_for",
    "fail_turn",
    "finish_erasure",
    "free_leases_of",
    "hold_lease",
    "is_a_script",
    "load_tracker",
    "mark_abandoned",
    "mark_interrupted",
    "next_delivery",
    "pause_before_retry",
    "read_updates",
    "receive",
    "receive_all",
    "record_part",
    "record_twice",
    "release",
    "release_delivery",
    "release_lease",
    "rest",
    "save_tracker",
    "sending",
    "set_aside",
    "settle",
    "settle_and_go_on",
    "take_back",
    "taken_over",
    "tell",
    "typing_to",
    "unblock",
    "undo_claim",
    "unread_updates",
    "web_arrived",
]
