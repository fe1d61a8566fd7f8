"""Trackers share their slots until one of them writes.

Rasa builds half a dozen trackers for a message - to read the memory, to look at the states before
each action, to try what an action would change - and copies and resets every slot of the domain
for each. Nearly all of them are only read: that was 2 ms of a turn of 27. For each action it also
copies the whole tracker by living through all of its events again: 0.3 ms.
"""

from __future__ import annotations

import copy
from typing import Any

from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker


def share_slots() -> None:
    """Let Rasa use these from now on; harmless when repeated."""
    Slot.__copy__ = _itself
    DialogueStateTracker._set_slot = _set_slot
    DialogueStateTracker._reset_slots = _reset_slots
    DialogueStateTracker.copy = _copy


def _itself(self: Slot) -> Slot:
    """In place of a copy, which `copy.copy` makes for each slot of each new tracker."""
    return self


def _copied(slot: Slot) -> Slot:
    copied: Slot = object.__new__(type(slot))
    copied.__dict__.update(slot.__dict__)
    return copied


def _set_slot(self: DialogueStateTracker, key: str, value: Any) -> None:
    """In place of ``DialogueStateTracker._set_slot``, which writes into the slot that is there."""
    if key not in self.slots:
        _tell_unknown(self, key, value)
        return
    slot = _copied(self.slots[key])
    slot.value = value
    self.slots[key] = slot


def _reset_slots(self: DialogueStateTracker) -> None:
    """In place of ``DialogueStateTracker._reset_slots``; what nobody has set is as at first."""
    for name, slot in self.slots.items():
        if slot.has_been_set:
            self.slots[name] = _copied(slot)
            self.slots[name].reset()


def _copy(self: DialogueStateTracker) -> DialogueStateTracker:
    """In place of ``DialogueStateTracker.copy``: what an event can change is its own."""
    copied = copy.copy(self)
    copied.slots = copy.copy(self.slots)
    copied.events = copy.copy(self.events)
    copied.active_loop = copy.copy(self.active_loop)
    # As with Rasa's: the copy is for trying, and does not write its model into events.
    copied.model_id = copied.assistant_id = copied.sender_source = None
    return copied


_tell_unknown = DialogueStateTracker._set_slot
