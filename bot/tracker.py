"""Rasa's memory of a conversation: one small snapshot, written with the turn it belongs to.

During a turn the worker loads the snapshot before Rasa runs and commits it afterwards, in the
same transaction as the answers (``desk.mailbox.commit_turn``). The store itself touches the
database only outside of turns. Rasa wraps every store so that a failing one is replaced by an
empty memory; therefore nothing here may fail in silence: what goes wrong during a turn is left in
``TurnMemory.fault`` for the worker, which tries the turn again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

import bot.channels  # noqa: F401 - opens the desk's tables
from bot.snapshot import restore, take
from desk import mailbox
from desk.mailbox import Counted


@dataclass
class TurnMemory:
    """What Rasa remembers during one turn; shared by everything that runs for it."""

    conversation_id: str
    snapshot: Any | None = None
    slots: dict[str, Any] | None = None
    """The slots after the turn; None until Rasa saved."""
    fault: BaseException | None = None
    """What failed where Rasa goes on regardless; the turn must not be committed."""
    counted: set[Counted] = field(default_factory=set)
    """What the turn was about, for the figures of the day."""


turn_memory: ContextVar[TurnMemory | None] = ContextVar("turn_memory", default=None)


class MailboxTrackerStore(TrackerStore):
    """Keeps trackers in the mailbox tables; named in ``endpoints.yml``."""

    def __init__(
        self,
        domain: Domain | None,
        host: object = None,
        event_broker: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        memory = turn_memory.get()
        if memory is None or memory.conversation_id != tracker.sender_id:
            snapshot = take(tracker, self.domain)
            await asyncio.to_thread(mailbox.save_tracker, tracker.sender_id, snapshot)
            return
        try:
            memory.snapshot = take(tracker, self.domain)
            memory.slots = tracker.current_slot_values()
            memory.counted.update(counted(tracker))
        except Exception as error:
            memory.fault = error
            raise

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        memory = turn_memory.get()
        if memory is None or memory.conversation_id != sender_id:
            snapshot = await asyncio.to_thread(mailbox.load_tracker, sender_id)
            return restore(sender_id, snapshot, self.domain)
        try:
            return restore(sender_id, memory.snapshot, self.domain)
        except Exception as error:
            memory.fault = error
            raise

    async def keys(self) -> Iterable[str]:
        """Conversations are listed at the desk, not by Rasa."""
        return ()


def counted(tracker: DialogueStateTracker) -> Iterator[Counted]:
    """What the last message was about, read off what the actions noted in their slots."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return
        if not isinstance(event, SlotSet) or not event.value:
            continue
        if event.key == "topic":
            yield Counted("asked", str(event.value))
        elif event.key == "misunderstood":
            yield Counted("not_understood")
