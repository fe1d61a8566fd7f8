# /// script
# requires-python = ">=3.10"
# dependencies = [
#     "pillow>=11,<13",
#     "pypdfium2>=4.30,<6",   # draws a PDF as a picture; needed for nothing else here
# ]
# ///
"""The first page of a PDF as a PNG, down to where its text ends: standard input to output."""

from __future__ import annotations

import io
import sys

import pypdfium2
from PIL import Image, ImageChops

WIDTH = 900
MARGIN = 60


def main() -> None:
    """One page, so wide that it can be read."""
    page = pypdfium2.PdfDocument(sys.stdin.buffer.read())[0]
    picture = page.render(scale=WIDTH / page.get_width()).to_pil().convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    # The foot of the page stands far below the rest.
    body = picture.crop((0, 0, picture.width, picture.height * 9 // 10))
    written = ImageChops.difference(body, paper.crop((0, 0, *body.size))).getbbox()
    end = min(written[3] + MARGIN, picture.height) if written else picture.height
    out = io.BytesIO()
    picture.crop((0, 0, picture.width, end)).save(out, "PNG")
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    main()
