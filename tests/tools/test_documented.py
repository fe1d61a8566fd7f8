"""The pictures of the documents: each is there, is shown somewhere, is small, and is described."""

from __future__ import annotations

import re

from tools.pictures.__main__ import PICTURES, ROOT, named

LARGEST = 120_000
"""Bytes."""


def test_every_picture_is_there_and_shown_somewhere() -> None:
    assert {path.stem for path in PICTURES.glob("*.png")} == named()


def test_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in PICTURES.glob("*.png")}
    assert {name for name, size in sizes.items() if size > LARGEST} == set()


def test_whoever_cannot_see_a_picture_reads_what_is_on_it() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"))]
    said = [alt for text in texts for alt in re.findall(r"!\[(.*?)\]\([^)]*\.png\)", text)]
    assert said
    assert [alt for alt in said if len(alt.split()) < 5] == []
