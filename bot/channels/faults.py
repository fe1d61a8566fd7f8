"""Faults by their nature: the message's own, or an outage that is waited out; as short codes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import aiohttp
from django.db import InterfaceError, OperationalError

from bot.tracker import turn_memory

OUTAGES = (aiohttp.ClientConnectionError, OSError, OperationalError, InterfaceError)


class ActionFailed(Exception):
    """An action could not be run; Rasa itself would go on as if it had said nothing."""


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def is_outage(error: BaseException) -> bool:
    """Whether something else is down, so that the next message would fail as well."""
    if isinstance(error, asyncio.TimeoutError):
        return False  # the turn was cut off: perhaps this very message is what takes so long
    # Below the surface a time-out is the action server's (bot.action_server): it is overloaded.
    return any(isinstance(one, (*OUTAGES, asyncio.TimeoutError)) for one in causes(error))


def code_of(error: BaseException) -> str:
    """A short code for rows and logs: class names only, since messages may quote a person.

    >>> code_of(ValueError("secret"))
    'ValueError'
    """
    if isinstance(error, asyncio.TimeoutError):
        return "TimeoutError"
    names = [type(one).__name__ for one in causes(error)]
    return names[0] if len(names) == 1 else f"{names[0]}<{names[-1]}"


class NoteFailedActions(logging.Filter):
    """Rasa logs an action that raised and goes on; this leaves it for the worker to see.

    There is no hook for it in Rasa 3.6: ``MessageProcessor._run_action`` swallows the exception.
    The record is dropped, for its traceback may hold texts; the worker logs a code.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        memory = turn_memory.get()
        if memory is None or record.funcName != "_run_action" or not record.exc_info:
            return True
        failed = ActionFailed()
        failed.__cause__ = record.exc_info[1]
        memory.fault = memory.fault or failed
        return False


def note_failed_actions() -> None:
    """Install the filter; repeated, it is installed once."""
    log = logging.getLogger("rasa.core.processor")
    if not any(isinstance(one, NoteFailedActions) for one in log.filters):
        log.addFilter(NoteFailedActions())
