"""One message heard by Rasa: what it is given, and what the turn came to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.answers import say
from bot.channels.done import Done
from bot.channels.faults import code_of, is_outage
from bot.channels.speech import Said, answers_of, heard, hint, metadata
from bot.tracker import TurnMemory, turn_memory
from bot.wording import title
from desk import mailbox
from desk.mailbox import Answer, Button, Turn

logger = logging.getLogger(__name__)

Hear = Callable[[UserMessage], Awaitable[object]]
Remembered = object
"""Rasa's snapshot of a conversation, None, or the exception that reading it raised."""


@dataclass(frozen=True)
class Hearing:
    """Answers one message with ``hear``, which is Rasa.

    Args:
        look_ahead: begins what Rasa will need for a text, before Rasa asks.
        while_slow: runs beside a turn and is cut off at its end, e.g. to show that we write.
    """

    hear: Hear
    look_ahead: Callable[[str], Awaitable[None]] | None = None
    while_slow: Callable[[Turn], Coroutine[Any, Any, None]] | None = None

    async def answer(self, turn: Turn, remembered: Remembered) -> Done:
        """Let Rasa hear the message; raises when any part of the turn failed."""
        slow = asyncio.create_task(self.while_slow(turn)) if self.while_slow else None
        try:
            memory = TurnMemory(turn.conversation_id)
            if isinstance(remembered, Exception):
                raise remembered
            memory.snapshot = remembered
            turn_memory.set(memory)
            said = Said(turn.channel)
            for text in heard(turn):
                if self.look_ahead is not None:
                    await self.look_ahead(text)
                await self.hear(
                    UserMessage(
                        text,
                        said,
                        turn.conversation_id,
                        input_channel=turn.channel,
                        message_id=str(turn.message_id),
                        metadata=metadata(turn),
                    )
                )
                if memory.fault is not None:
                    raise memory.fault
        finally:
            if slow is not None:
                slow.cancel()
        if not said.answers:
            logger.warning("turn.silent message=%s", turn.message_id)
            said.answers = answers_of(say("utter_default", hint(turn)))
        return Done(_pointing(said.answers, turn), memory)


def _pointing(answers: list[Answer], turn: Turn) -> list[Answer]:
    """The answer to an edited message points at it."""
    if turn.kind != "edited" or not turn.external_id or answers[0].kind != "text":
        return answers
    first = replace(answers[0], data=answers[0].data | {"reply_to": turn.external_id})
    return [first, *answers[1:]]


def apology(language: str) -> list[Answer]:
    """What somebody hears whose message is set aside; a way to a human is always under it."""
    *before, last = answers_of(say("utter_set_aside", language))
    if not last.buttons:
        last = replace(last, buttons=(Button(title("human", language), "/request_human"),))
    return [*before, last]


def remembered_of(turn: Turn) -> Remembered:
    """Rasa's snapshot, or why it can't be read, which is the turn's fault and not the claim's.

    At the last try without it, since an unreadable one would fail for ever.
    """
    try:
        return mailbox.load_tracker(turn.conversation_id)
    except Exception as error:  # noqa: BLE001 - raised where the turn begins
        if turn.attempt < mailbox.TURN_ATTEMPTS or is_outage(error):
            return error
        logger.error(
            "memory.unreadable conversation=%s error=%s", turn.conversation_id, code_of(error)
        )
        return None
