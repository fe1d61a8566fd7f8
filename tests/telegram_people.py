"""Somebody on Telegram: builds updates with defaults, so that a test names only what matters."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.telegram_server import Sent, TelegramServer

RLM = "\u200f"
"""Before words that begin in Latin letters in a right-to-left chat; nobody sees it."""
FILE = {"file_id": "f1", "file_unique_id": "u1", "file_size": 1000}
MEDIA: dict[str, dict[str, Any]] = {
    "voice": {"voice": FILE | {"duration": 3, "mime_type": "audio/ogg"}},
    "audio": {"audio": FILE | {"duration": 3}},
    "photo": {"photo": [FILE | {"width": 90, "height": 90}]},
    "video": {"video": FILE | {"width": 9, "height": 9, "duration": 3}},
    "video_note": {"video_note": FILE | {"length": 9, "duration": 3}},
    "document": {"document": FILE | {"file_name": "brief.pdf", "mime_type": "application/pdf"}},
    "sticker": {
        "sticker": FILE
        | {"type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}
    },
    # As Telegram sends them: with a document beside the animation, a location beside the venue.
    "animation": {"animation": FILE | {"width": 9, "height": 9, "duration": 3}, "document": FILE},
    "location": {"location": {"latitude": 47.37, "longitude": 8.54}},
    "venue": {
        "venue": {
            "location": {"latitude": 47.37, "longitude": 8.54},
            "title": "Office",
            "address": "-",
        },
        "location": {"latitude": 47.37, "longitude": 8.54},
    },
    "contact": {"contact": {"phone_number": "+41000000000", "first_name": "A"}},
    "poll": {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "unknown": {"hologram": {"file_id": "f1"}},
}


class Person:
    """Somebody with a private chat; all methods return the id of the update."""

    def __init__(
        self,
        server: TelegramServer,
        chat_id: int,
        *,
        language: str | None = "en",
        name: str = "Amina",
    ) -> None:
        self.server = server
        self.chat_id = chat_id
        self.user: dict[str, Any] = {"id": chat_id, "is_bot": False, "first_name": name}
        if language:
            self.user["language_code"] = language
        self.chat: dict[str, Any] = {"id": chat_id, "type": "private", "first_name": name}
        self._messages = 0

    def message(self, **content: Any) -> dict[str, Any]:
        self._messages += 1
        return {
            "message_id": 100_000 + self._messages,
            "from": self.user,
            "chat": self.chat,
            "date": int(time.time()),
            **content,
        }

    async def says(self, text: str, **more: Any) -> int:
        return await self.server.update(message=self.message(text=text, **more))

    async def edits(self, text: str) -> int:
        edited = self.message(text=text, edit_date=int(time.time()))
        return await self.server.update(edited_message=edited)

    async def sends(self, kind: str, **more: Any) -> int:
        """A voice note, a photo, a sticker ...: one of ``MEDIA``; ``caption=`` puts words to it."""
        return await self.server.update(message=self.message(**MEDIA[kind], **more))

    async def sends_file(self, kind: str, content: bytes, **more: Any) -> int:
        """A photo, voice note or document with these bytes; ``of`` changes what Telegram tells."""
        of = {
            "file_id": self.server.put(content),
            "file_unique_id": "u",
            "file_size": len(content),
        } | more.pop("of", {})
        if kind == "photo":
            small = FILE | {"width": 90, "height": 90}
            sent: Any = [small, of | {"width": 900, "height": 900}]
        else:
            sent = of | ({"duration": 3} if kind in ("voice", "audio") else {})
        return await self.server.update(message=self.message(**{kind: sent}, **more))

    async def sends_place(self, latitude: float, longitude: float) -> int:
        place = {"latitude": latitude, "longitude": longitude}
        return await self.server.update(message=self.message(location=place))

    async def presses(self, title: str, on: Sent | None = None) -> int:
        """Press a button by its words, on the latest message that has it."""
        for sent in [on] if on else reversed(self.heard):
            for words, data in sent.buttons:
                if words.removeprefix(RLM) == title:
                    return await self.presses_data(data, sent.message_id)
        raise AssertionError(f"no button {title!r}")

    async def presses_data(self, data: str, message_id: int = 1) -> int:
        return await self.server.update(
            callback_query={
                "id": f"cb{self.server._next_update}",
                "from": self.user,
                "chat_instance": "1",
                "data": data,
                "message": {"message_id": message_id, "chat": self.chat, "date": 1, "text": "..."},
            }
        )

    async def says_in_group(self, text: str, group_id: int = -77) -> int:
        group = {"id": group_id, "type": "group", "title": "Group"}
        return await self.server.update(message=self.message(text=text) | {"chat": group})

    async def blocks(self) -> int:
        self.server.blocked.add(self.chat_id)
        return await self._member("kicked")

    async def unblocks(self) -> int:
        self.server.blocked.discard(self.chat_id)
        return await self._member("member")

    async def _member(self, status: str) -> int:
        return await self.server.update(
            my_chat_member={
                "chat": self.chat,
                "from": self.user,
                "date": int(time.time()),
                "old_chat_member": {"user": {"id": 123456, "is_bot": True}, "status": "member"},
                "new_chat_member": {"user": {"id": 123456, "is_bot": True}, "status": status},
            }
        )

    @property
    def heard(self) -> list[Sent]:
        """What the bot sent to this person, in order."""
        return [one for one in self.server.sent if one.chat_id == self.chat_id]

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.heard]

    async def hears(self, count: int, within_s: float = 10.0) -> list[str]:
        """Wait for that many messages."""
        await self.server.until(lambda: len(self.heard) >= count, within_s)
        return self.texts
