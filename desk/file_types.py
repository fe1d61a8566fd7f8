"""What a file really is, by its bytes, and a photo made anew without what is hidden in it."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from desk.models import StoredFile

Kind = StoredFile.Kind
Problem = StoredFile.Problem

MAX_BYTES = 10_000_000
"""Of one file. Telegram gives bots 20 MB at most."""
MAX_PIXELS = 60_000_000
"""A small file may unfold to gigabytes; no telephone's camera makes more than this."""
LONGEST_SIDE = 2400
"""Pixels: a letter that fills the picture stays readable."""
JPEG_QUALITY = 85
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP")
TYPES = {
    ".jpg": (Kind.PHOTO, "image/jpeg"),
    ".jpeg": (Kind.PHOTO, "image/jpeg"),
    ".jfif": (Kind.PHOTO, "image/jpeg"),
    ".png": (Kind.PHOTO, "image/jpeg"),
    ".webp": (Kind.PHOTO, "image/jpeg"),
    ".pdf": (Kind.PDF, "application/pdf"),
    ".ogg": (Kind.VOICE, "audio/ogg"),
    ".oga": (Kind.VOICE, "audio/ogg"),
    ".opus": (Kind.VOICE, "audio/ogg"),
    ".mp3": (Kind.VOICE, "audio/mpeg"),
    ".mpga": (Kind.VOICE, "audio/mpeg"),
    ".m4a": (Kind.VOICE, "audio/mp4"),
}
"""Extension of what the bytes say: what it is to us, and the type it is given out with."""


class NotTaken(Exception):
    """The file is not kept; ``problem`` is why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Checked:
    """A file that may be kept."""

    kind: Kind
    media_type: str
    content: bytes


def check_file(content: bytes) -> Checked:
    """Decide from the bytes alone; a photo is drawn anew, which takes up to a second.

    Raises:
        NotTaken: too big, of another type, or damaged.
    """
    if len(content) > MAX_BYTES:
        raise NotTaken(Problem.TOO_BIG)
    kind, media_type = _type_of(content)
    if kind is Kind.PHOTO:
        content = _drawn_anew(content)
    return Checked(kind, media_type, content)


def _type_of(content: bytes) -> tuple[Kind, str]:
    # Here, as Pillow below: the action server asks for the limits only, and needs neither.
    import puremagic

    if not content:
        raise NotTaken(Problem.UNREADABLE)
    try:
        found = puremagic.magic_string(content)
    except puremagic.PureError as nothing:
        raise NotTaken(Problem.WRONG_TYPE) from nothing
    # Several formats may begin alike (an Ogg file holds sound or pictures): ours is enough, since
    # a photo has to be readable as one and everything is given out under the type found here.
    known = [TYPES[one.extension] for one in found if one.extension in TYPES]
    if not known:
        raise NotTaken(Problem.WRONG_TYPE)
    return known[0]


def _drawn_anew(content: bytes) -> bytes:
    """The picture and nothing else: no place, no camera, no name, and nothing behind the end."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own, lower, limit of pixels
            picture: Image.Image = Image.open(io.BytesIO(content), formats=PHOTO_FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise NotTaken(Problem.TOO_BIG)
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture = ImageOps.exif_transpose(picture)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        if picture.mode in ("RGBA", "LA", "P"):  # white paper behind what is transparent
            picture = picture.convert("RGBA")
            paper = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(paper, picture)
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=JPEG_QUALITY, exif=b"", icc_profile=None)
    except NotTaken:
        raise
    except Image.DecompressionBombError as bomb:
        raise NotTaken(Problem.TOO_BIG) from bomb
    # Pillow raises nearly anything over bytes that were made to break it.
    except Exception as broken:
        raise NotTaken(Problem.UNREADABLE) from broken
    return out.getvalue()
