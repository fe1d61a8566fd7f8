"""The pace of sending, common to all senders of all processes: one row a channel.

The row says until when the channel is used up (the "generic cell rate algorithm"): each message
moves that moment on by its share of a second, and may be sent as long as it lies less than a second
ahead. When Telegram says "wait" the moment is moved that far, and nobody sends meanwhile.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from desk.mailbox import database
from desk.mailbox.kinds import TooFast
from desk.models import SendPace

# The database's clock: those of several machines need not agree.
NOW = {
    "postgresql": "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS double precision)",
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
}
TAKE = """
UPDATE desk_sendpace
SET free_at = CASE WHEN free_at > {now} THEN free_at ELSE {now} END + %s
WHERE channel = %s AND free_at <= {now} + %s
"""
REST = """
UPDATE desk_sendpace SET free_at = {now} + %s
WHERE channel = %s AND free_at < {now} + %s
"""
WAIT = "SELECT free_at - {now} FROM desk_sendpace WHERE channel = %s"


def take_slot(channel: str, per_second: float | None) -> None:
    """Count one message that goes out now. Call it last in a transaction: all senders want the row.

    Args:
        channel: whose pace it is.
        per_second: messages a second, of all senders together; None: only rests are kept.

    Raises:
        TooFast: not now; it says how long to wait.
    """
    if per_second is None:
        wait = _used_up_for(channel)
        if wait > 0:
            raise TooFast(wait)
        return
    share = 1 / per_second
    ahead = max(1 - share, 0.0)
    take = _with_clock(TAKE), [share, channel, ahead]
    if database.change(*take):
        return
    _, is_new = SendPace.objects.get_or_create(channel=channel)
    if not (is_new and database.change(*take)):
        raise TooFast(max(_used_up_for(channel) - ahead, 0.001))


def rest(channel: str, pause: timedelta, per_second: float | None) -> None:
    """Nobody sends on a channel for a while; a longer rest stays as it is."""
    SendPace.objects.get_or_create(channel=channel)
    ahead = max(1 - 1 / per_second, 0.0) if per_second else 0.0
    until = pause.total_seconds() + ahead
    database.change(_with_clock(REST), [until, channel, until])


def _used_up_for(channel: str) -> float:
    """Seconds until the channel is free; zero or less when it is."""
    row = database.first(_with_clock(WAIT), [channel])
    return float(row[0]) if row else 0.0


def _with_clock(statement: str) -> str:
    return statement.format(now=NOW[connection.vendor])
