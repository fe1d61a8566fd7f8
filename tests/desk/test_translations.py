"""The desk's German: complete, compiled, and with the same placeholders."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parents[2] / "desk" / "locale"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
SOURCES = Path(__file__).parents[2] / "desk"
TAG = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")


@pytest.mark.parametrize("language", ["de"])
def test_every_text_is_translated_and_compiled(language: str) -> None:
    folder = LOCALE / language / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in catalogue:
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        first = message.id if isinstance(message.id, str) else message.id[0]
        told = message.string if isinstance(message.string, str) else message.string[0]
        assert told, f"{first!r} is not translated"
        assert sorted(PLACEHOLDER.findall(first)) == sorted(PLACEHOLDER.findall(told)), first
        if isinstance(message.id, str):
            assert compiled.gettext(first) == told, "run: python manage.py compilemessages"


@pytest.mark.parametrize("language", ["de"])
def test_every_text_of_a_template_is_in_the_catalogue(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        known = {message.id for message in read_po(file, locale=language)}
    for template in (SOURCES / "templates").rglob("*.html"):
        for double, single in TAG.findall(template.read_text("utf-8")):
            assert (double or single) in known, f"{template.name}: run makemessages"
