"""The steps of a return as a picture: drawn once per language from the words in its text file.

The words are below ``words.steps`` in ``content/answers``; a drawing is kept in ``var/pictures``
under a name made of everything it depends on, so a changed word draws a new one. Arabic letters
are joined and Ethiopic ones placed by raqm, which comes inside Pillow.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import uharfbuzz
from PIL import Image, ImageDraw, ImageFont

from wegweiser.pictograms import PICTOGRAMS
from wegweiser.settings import VAR
from wegweiser.steps import STEPS, steps_in_words
from wegweiser.texts import FALLBACK, texts, word
from wegweiser.wording import number

FONTS = Path(__file__).parent / "fonts"
FOLDER = VAR / "pictures"
SCRIPTS = {
    "ar": "NotoSansArabic",
    "fa": "NotoSansArabic",
    "ps": "NotoSansArabic",
    "ka": "NotoSansGeorgian",
    "ti": "NotoSansEthiopic",
}
LATIN = "NotoSans"
NAME = re.compile(r"steps-([a-z]{2,3})-([0-9a-f]{16})\.png", re.ASCII)

WIDTH, MARGIN, ROUND, GAP = 1080, 60, 132, 34
TITLE_SIZE, STEP_SIZE, NOTE_SIZE = 56, 44, 38
LEADING = 1.35
INK, PAPER, ACCENT, SOFT = "#1b2a3d", "#ffffff", "#1d5b79", "#d5e3ea"
COLOURS = 64


@dataclass(frozen=True)
class Picture:
    """A drawn picture."""

    path: Path
    width: int
    height: int


def steps_picture(language: str) -> Picture:
    """The picture in a language, drawn unless that was done before; takes up to a second then."""
    path = FOLDER / steps_name(language)
    if not path.exists():
        _keep(path, _draw(language))
    with Image.open(path) as drawn:
        return Picture(path, drawn.width, drawn.height)


def steps_name(language: str) -> str:
    """The file's name; it changes with the words, the fonts and the way of drawing."""
    words = steps_in_words(language)
    return f"steps-{language}-{_print(language, words)}.png"


@lru_cache(maxsize=64)
def _print(language: str, words: str) -> str:
    found = hashlib.sha256(words.encode())
    for path in (Path(__file__), Path(__file__).with_name("pictograms.py")):
        found.update(path.read_bytes())
    for name in sorted({LATIN, SCRIPTS.get(language, LATIN)}):
        for weight in ("Regular", "Bold"):
            found.update((FONTS / f"{name}-{weight}.ttf").read_bytes())
    return found.hexdigest()[:16]


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all: two processes may draw at once. Earlier drawings go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(beside).replace(path)
    language = path.name.split("-")[1]
    for old in path.parent.glob(f"steps-{language}-*.png"):
        if old != path:
            old.unlink(missing_ok=True)


@lru_cache(maxsize=32)
def _font(family: str, weight: str, size: int) -> ImageFont.FreeTypeFont:
    path = FONTS / f"{family}-{weight}.ttf"
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=8)
def _letters(family: str) -> frozenset[int]:
    font = uharfbuzz.Blob.from_file_path(str(FONTS / f"{family}-Regular.ttf"))
    return frozenset(uharfbuzz.Face(font).unicodes)


@dataclass(frozen=True)
class Pen:
    """Writes one size in the script of a language, with Latin signs where the script has none."""

    language: str
    weight: str
    size: int
    rtl: bool

    @property
    def family(self) -> str:
        return SCRIPTS.get(self.language, LATIN)

    def runs(self, text: str) -> list[tuple[str, str]]:
        """(family, piece) from start to end; one piece where the script's font has every sign."""
        pieces: list[tuple[str, str]] = []
        for sign in text:
            own = sign == " " or ord(sign) in _letters(self.family)
            family = self.family if own else LATIN
            if pieces and pieces[-1][0] == family:
                pieces[-1] = (family, pieces[-1][1] + sign)
            else:
                pieces.append((family, sign))
        return pieces

    def length(self, text: str) -> float:
        return sum(
            _font(family, self.weight, self.size).getlength(piece, direction=self.direction)
            for family, piece in self.runs(text)
        )

    @property
    def direction(self) -> str:
        return "rtl" if self.rtl else "ltr"

    def lines(self, text: str, width: float) -> list[str]:
        """The text in lines that fit."""
        found = [""]
        for one in text.split():
            longer = f"{found[-1]} {one}".strip()
            if found[-1] and self.length(longer) > width:
                found.append(one)
            else:
                found[-1] = longer
        return found

    def write(
        self, draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, colour: str
    ) -> None:
        """One line from its start, which is the right edge where a script begins there."""
        x, y = at
        for family, piece in self.runs(text):
            font = _font(family, self.weight, self.size)
            draw.text(
                (x, y),
                piece,
                font=font,
                fill=colour,
                direction=self.direction,
                anchor="rs" if self.rtl else "ls",
                language=self.language,
            )
            step = font.getlength(piece, direction=self.direction)
            x += -step if self.rtl else step

    @property
    def leading(self) -> int:
        return int(self.size * LEADING)


def _draw(language: str) -> bytes:
    rtl = texts(language).rtl
    spoken = language if "steps.title" in texts(language).words else FALLBACK
    title = Pen(spoken, "Bold", TITLE_SIZE, rtl)
    step = Pen(spoken, "Regular", STEP_SIZE, rtl)
    note = Pen(spoken, "Bold", NOTE_SIZE, rtl)
    beside = WIDTH - 2 * MARGIN - ROUND - GAP
    full = WIDTH - 2 * MARGIN
    title_lines = title.lines(word(language, "steps.title"), full)
    step_lines = [step.lines(word(language, f"steps.{one}"), beside) for one in STEPS]
    note_lines = note.lines(word(language, "steps.note"), full - 2 * GAP)
    heights = [max(ROUND, len(lines) * step.leading) + GAP for lines in step_lines]
    top = MARGIN + len(title_lines) * title.leading + GAP
    band = len(note_lines) * note.leading + 2 * GAP
    height = top + sum(heights) + GAP + band

    picture = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(picture)
    start = WIDTH - MARGIN if rtl else MARGIN
    _write(draw, title, title_lines, start, MARGIN, ACCENT)
    middle = WIDTH - MARGIN - ROUND // 2 if rtl else MARGIN + ROUND // 2
    text_start = start + (-1 if rtl else 1) * (ROUND + GAP)
    first = top + ROUND // 2
    last = top + sum(heights[:-1]) + ROUND // 2
    draw.line((middle, first, middle, last), fill=SOFT, width=12)
    y = top
    for place, (one, lines, tall) in enumerate(zip(STEPS, step_lines, heights, strict=True), 1):
        _pictogram(picture, one, middle - ROUND // 2, y, place, language)
        _write(
            draw,
            step,
            lines,
            text_start,
            y + (max(ROUND, len(lines) * step.leading) - len(lines) * step.leading) // 2,
            INK,
        )
        y += tall
    draw.rectangle((0, height - band, WIDTH, height), fill=ACCENT)
    edge = start + (-GAP if rtl else GAP)
    _write(draw, note, note_lines, edge, height - band + GAP, PAPER)
    out = io.BytesIO()
    picture.quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _write(
    draw: ImageDraw.ImageDraw, pen: Pen, lines: list[str], x: float, y: float, colour: str
) -> None:
    for place, line in enumerate(lines):
        pen.write(draw, (x, y + place * pen.leading + pen.size), line, colour)


def _pictogram(picture: Image.Image, step: str, x: int, y: int, place: int, language: str) -> None:
    """A disc with a drawing, and the step's number at its edge."""
    scale = 4  # drawn larger and made smaller: smooth edges
    disc = Image.new("RGBA", (ROUND * scale, ROUND * scale))
    draw = ImageDraw.Draw(disc)
    draw.ellipse((0, 0, ROUND * scale - 1, ROUND * scale - 1), fill=ACCENT)
    PICTOGRAMS[step](draw, ROUND * scale / 100)
    small = disc.resize((ROUND, ROUND), Image.Resampling.LANCZOS)
    picture.paste(small, (x, y), small)
    badge = ImageDraw.Draw(picture)
    # On the side of the words.
    edge = x + 18 if texts(language).rtl else x + ROUND - 18
    middle, radius = (edge, y + ROUND - 18), 24
    left, upper = middle[0] - radius, middle[1] - radius
    badge.ellipse((left, upper, left + 2 * radius, upper + 2 * radius), fill=PAPER, outline=ACCENT)
    family = SCRIPTS.get(language, LATIN)
    written = number(place, language)
    known = all(ord(sign) in _letters(family) for sign in written)
    font = _font(family if known else LATIN, "Bold", 32)
    badge.text(middle, written, font=font, fill=ACCENT, anchor="mm")
