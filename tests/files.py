"""Files that people send, small and real, and rows of them."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from desk.models import InformationRequest, StoredFile

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OGG = b"OggS\x00\x02" + b"\0" * 20 + b"\x01\x13OpusHead\x01\x01" + b"\0" * 200
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
ZIP = b"PK\x03\x04" + b"\0" * 60
EXE = b"MZ\x90\x00" + b"\0" * 200
WHERE = b"47.3769N Amina"

_numbers = itertools.count(1)


def photo(width: int = 60, height: int = 40, kind: str = "JPEG", *, turned: bool = False) -> bytes:
    """A picture with a place and a name in its metadata, and more behind its end."""
    picture = Image.new("RGB", (width, height), "#a03050")
    exif = Image.Exif()
    exif[0x010E] = WHERE.decode()  # the description
    exif[0x8825] = {1: "N", 2: (47.0, 22.0, 37.0)}  # the place
    if turned:
        exif[0x0112] = 6
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue() + b"<script>alert(1)</script>"


def a_kept_file(request: InformationRequest, content: bytes = PDF) -> StoredFile:
    """A file that was sent with a request and fetched."""
    from desk.mailbox.files import check_file
    from desk.models import FileContent, StoredFile

    checked = check_file(content)
    made = StoredFile.objects.create(
        key=f"file:{next(_numbers)}",
        conversation=request.conversation,
        request=request,
        kind=checked.kind,
        media_type=checked.media_type,
        size=len(checked.content),
        state=StoredFile.State.KEPT,
        goes_to=StoredFile.For.REQUEST,
    )
    FileContent.objects.create(file=made, content=checked.content)
    return made
