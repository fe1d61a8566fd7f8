"""Tell the bot that updates were stored; on PostgreSQL a trigger does, and tells all bots."""

from __future__ import annotations

import logging
import socket

logger = logging.getLogger(__name__)


class Knock:
    """A datagram to the number of the bot's port: a hint and no more, since the bot looks by
    itself each second. A request of HTTP took 1.5 ms of the way of each message."""

    def __init__(self, port: int) -> None:
        self._address = ("127.0.0.1", port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def __call__(self) -> None:
        """From any thread."""
        try:
            self._socket.sendto(b"updates", self._address)
        except OSError as nobody:
            logger.debug("wake.unheard error=%s", type(nobody).__name__)

    def close(self) -> None:
        self._socket.close()
