"""How the assistant hears and speaks: the mailbox worker and Telegram; the web is the desk's.

Rasa loads the channels by the dotted paths in ``credentials.yml``; the tables are opened here,
before anything below imports one of the desk's doors.
"""

from __future__ import annotations

import desk

desk.ready()
