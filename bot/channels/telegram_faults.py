"""What an error of python-telegram-bot means for the message that was being sent.

Sending is not idempotent: the question is always whether Telegram may have taken the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.faults import code_of
from desk.mailbox import Outcome

AGAIN = (500, 502, 503)
"""Nearly always nobody has done anything then, and when Telegram is down all are told so: not
to try again would lose much to double nothing. What arrives at last is marked "perhaps twice"."""
WRONG_TOKEN_PAUSE = timedelta(minutes=1)


class NotSent(NetworkError):
    """Surely: it broke before the first byte of the message went out. Its text is the cause."""


class CutOff(NetworkError):
    """The message had begun to go out; nobody knows whether it arrived. Its text is the cause."""


class Silent(TimedOut):
    """The message went out, and nothing came back."""


class Answered(NetworkError):
    """An answer with a status that python-telegram-bot does not tell apart from others."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


@dataclass(frozen=True)
class Fault:
    """How to settle the message, and whether all senders have to wait."""

    outcome: Outcome
    code: str
    everybody_waits: timedelta = timedelta(0)
    unreachable: bool = False
    """Telegram can't be reached at all: nobody else will do better."""
    silent: bool = False
    """It took the connection and said nothing: each further message would be in doubt as well."""
    perhaps_taken: bool = False
    """It is tried again although it may have been taken: then the person has it twice."""


def judge(error: TelegramError) -> Fault:
    """The fault behind an exception of the Bot."""
    if isinstance(error, RetryAfter):
        return Fault(Outcome.RETRY, "429", everybody_waits=_pause(error))
    if isinstance(error, Forbidden):
        return Fault(Outcome.BLOCKED, "403")
    if isinstance(error, (BadRequest, ChatMigrated)):
        # Subclasses of NetworkError, but for good: text, keyboard or chat are not accepted.
        return Fault(Outcome.REFUSED, f"400 {_description(error)}")
    if isinstance(error, InvalidToken):
        return Fault(Outcome.RETRY, "401", everybody_waits=WRONG_TOKEN_PAUSE)
    if isinstance(error, NotSent):
        return Fault(Outcome.RETRY, error.message, unreachable=True)
    if isinstance(error, Silent):
        return Fault(Outcome.UNKNOWN, "silent", silent=True)
    if isinstance(error, CutOff):
        return Fault(Outcome.UNKNOWN, error.message)
    if isinstance(error, Answered):
        if error.status < 500:
            return Fault(Outcome.RETRY, str(error.status))
        if error.status in AGAIN:
            return Fault(Outcome.RETRY, str(error.status), perhaps_taken=True)
        # 504 above all: the front gave up waiting, what is behind it may have gone on.
        return Fault(Outcome.UNKNOWN, str(error.status))
    # Whatever it was, it may have happened after the message was taken.
    return Fault(Outcome.UNKNOWN, code_of(error))


def _pause(error: RetryAfter) -> timedelta:
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def _description(error: TelegramError) -> str:
    """Telegram's reason. It never quotes a text; cut, as it goes into a column and logs."""
    return error.message[:40].lower()
