"""The small drawings beside the steps: white lines on a disc of 100 by 100 units."""

from __future__ import annotations

from collections.abc import Callable

from PIL.ImageDraw import ImageDraw

WHITE, DARK = "#ffffff", "#1d5b79"
LINE = 5

Pictogram = Callable[[ImageDraw, float], None]


def _box(unit: float, *corners: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (corner * unit for corner in corners)
    return left, top, right, bottom


def _line(draw: ImageDraw, unit: float, *points: tuple[float, float], colour: str = WHITE) -> None:
    draw.line(
        [(x * unit, y * unit) for x, y in points],
        fill=colour,
        width=int(LINE * unit),
        joint="curve",
    )


def _shape(draw: ImageDraw, unit: float, *points: tuple[float, float], colour: str = WHITE) -> None:
    draw.polygon([(x * unit, y * unit) for x, y in points], fill=colour)


def talk(draw: ImageDraw, unit: float) -> None:
    """Two speech bubbles."""
    draw.rounded_rectangle(_box(unit, 20, 24, 64, 52), radius=8 * unit, fill=WHITE)
    _shape(draw, unit, (30, 50), (30, 62), (42, 50))
    draw.rounded_rectangle(
        _box(unit, 40, 44, 82, 70), radius=8 * unit, fill=WHITE, outline=DARK, width=int(3 * unit)
    )
    _shape(draw, unit, (60, 68), (72, 80), (72, 68))
    for x in (51, 61, 71):
        draw.ellipse(_box(unit, x - 2.5, 54.5, x + 2.5, 59.5), fill=DARK)


def fits(draw: ImageDraw, unit: float) -> None:
    """A magnifying glass."""
    draw.ellipse(_box(unit, 24, 22, 64, 62), outline=WHITE, width=int(6 * unit))
    _line(draw, unit, (58, 56), (78, 77))
    _line(draw, unit, (34, 43), (42, 51), (55, 34))


def apply(draw: ImageDraw, unit: float) -> None:
    """A sheet of paper with lines, and a pen."""
    draw.rounded_rectangle(_box(unit, 27, 18, 66, 80), radius=4 * unit, fill=WHITE)
    for y in (32, 44, 56):
        _line(draw, unit, (35, y), (58, y), colour=DARK)
    _shape(draw, unit, (84, 38), (77, 32), (55, 62), (53, 72), (62, 68), colour=DARK)
    _shape(draw, unit, (81, 39), (77, 36), (58, 62), (57, 67), (62, 65))


def prepare(draw: ImageDraw, unit: float) -> None:
    """A passport."""
    draw.rounded_rectangle(_box(unit, 30, 18, 70, 82), radius=5 * unit, fill=WHITE)
    draw.ellipse(_box(unit, 39, 31, 61, 53), outline=DARK, width=int(4 * unit))
    _line(draw, unit, (39, 42), (61, 42), colour=DARK)
    draw.ellipse(_box(unit, 45.5, 31, 54.5, 53), outline=DARK, width=int(3 * unit))
    _line(draw, unit, (40, 66), (60, 66), colour=DARK)


def travel(draw: ImageDraw, unit: float) -> None:
    """An aeroplane from above, flying up."""
    draw.rounded_rectangle(_box(unit, 45, 16, 55, 80), radius=5 * unit, fill=WHITE)
    _shape(
        draw, unit, (47, 40), (53, 40), (84, 60), (84, 66), (53, 57), (47, 57), (16, 66), (16, 60)
    )
    _shape(draw, unit, (48, 70), (52, 70), (65, 79), (65, 83), (50, 80), (35, 83), (35, 79))


def arrive(draw: ImageDraw, unit: float) -> None:
    """A house."""
    _shape(draw, unit, (50, 20), (84, 50), (74, 50), (74, 78), (26, 78), (26, 50), (16, 50))
    draw.rounded_rectangle(_box(unit, 43, 56, 57, 78), radius=2 * unit, fill=DARK)


PICTOGRAMS: dict[str, Pictogram] = {
    "talk": talk,
    "fits": fits,
    "apply": apply,
    "prepare": prepare,
    "travel": travel,
    "arrive": arrive,
}
