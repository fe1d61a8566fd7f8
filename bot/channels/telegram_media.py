"""What is no text in a Telegram message: which kind, which file, which place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.mailbox import FileSent
from desk.mailbox.files import MAX_BYTES
from wegweiser.nearest import ELSEWHERE, nearest

# In the order of looking: an animation is sent with a document beside it, a venue with a location.
MEDIA = (
    "animation",
    "photo",
    "voice",
    "audio",
    "video_note",
    "video",
    "sticker",
    "document",
    "contact",
    "venue",
    "location",
    "poll",
    "dice",
)
SAID_TO_BE = {
    "application/pdf": "pdf",
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/webp": "photo",
    "audio/ogg": "voice",
    "audio/opus": "voice",
    "audio/mpeg": "voice",
    "audio/mp3": "voice",
    "audio/mp4": "voice",
    "audio/x-m4a": "voice",
    "audio/m4a": "voice",
}
"""What the sender's program says a file is: enough to refuse it at once, never to trust it."""
MAX_REMOTE_ID = 200


def kind_of(message: Mapping[str, Any]) -> str:
    """The kind of a message without text; "unknown" for what Telegram invents tomorrow."""
    return next((one for one in MEDIA if one in message), "unknown")


def file_of(kind: str, message: Mapping[str, Any], update_id: int) -> FileSent | None:
    """The file of a message that a person could look at or listen to; None for other kinds."""
    found = message.get(kind)
    if kind == "photo" and isinstance(found, list):
        return _file(_best(found), "photo", update_id)
    if kind == "voice" and isinstance(found, Mapping):
        return _file(found, "voice", update_id)
    if kind == "audio" and isinstance(found, Mapping):
        said = str(found.get("mime_type") or "audio/mpeg")
        return _file(found, SAID_TO_BE.get(said, ""), update_id)
    if kind == "document" and isinstance(found, Mapping):
        said = str(found.get("mime_type") or "application/pdf")
        return _file(found, SAID_TO_BE.get(said, ""), update_id)
    return None


def _best(sizes: list[Any]) -> Mapping[str, Any]:
    """The largest of a photo's sizes that is not too large; the smallest when all are."""
    known = [one for one in sizes if isinstance(one, Mapping)]
    known.sort(key=_area)
    fitting = [one for one in known if _size(one) <= MAX_BYTES]
    return (fitting or known[:1] or [{}])[-1]


def _area(found: Mapping[str, Any]) -> int:
    sides = (found.get("width"), found.get("height"))
    width, height = (side if isinstance(side, int) else 0 for side in sides)
    return width * height


def _file(found: Mapping[str, Any], kind: str, update_id: int) -> FileSent | None:
    remote_id = found.get("file_id")
    if not isinstance(remote_id, str) or not 0 < len(remote_id) <= MAX_REMOTE_ID:
        return None
    return FileSent(f"tg:{update_id}", kind, remote_id, _size(found))


def _size(found: Mapping[str, Any]) -> int:
    size = found.get("file_size")
    return size if isinstance(size, int) and size > 0 else 0


def nearest_of(message: Mapping[str, Any]) -> tuple[str, ...]:
    """Where a place on the map lies. The coordinates themselves go no further than here."""
    place = message.get("location")
    if not isinstance(place, Mapping):
        return ()
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not isinstance(latitude, (int, float)) or not isinstance(longitude, (int, float)):
        return (ELSEWHERE,)
    return nearest(float(latitude), float(longitude))
