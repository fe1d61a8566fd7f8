"""What a turn came to, before it is written."""

from __future__ import annotations

from dataclasses import dataclass

from bot.tracker import TurnMemory
from desk.mailbox import Answer, Learned

LEARNED = {"language": 8, "host_country": 2, "country": 2, "topic": 40}
"""Slots that the desk sorts by, and how long they may be."""


@dataclass
class Done:
    """What a turn came to, before it is written."""

    answers: list[Answer]
    memory: TurnMemory

    @property
    def learned(self) -> Learned | None:
        slots = self.memory.slots
        if slots is None:
            return None
        found = {name: str(slots[name])[:size] for name, size in LEARNED.items() if slots.get(name)}
        return Learned(**found)
