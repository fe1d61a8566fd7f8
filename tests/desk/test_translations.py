"""The desk's German, French and Italian: complete, compiled, and with the same placeholders."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation.template import templatize

from desk.console.names import country_name, language_name, topic_name

DESK = Path(__file__).parents[2] / "desk"
LANGUAGES = ["de", "fr", "it"]
LogIn = Callable[[Any], Client]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
# Django's names of gettext's functions, beside those that Babel knows; the numbers say which
# argument is what, as in DEFAULT_KEYWORDS.
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

# One text of the source or of a catalogue: its context if it has one, and its one or two forms.
Text = tuple[str | None, tuple[str, ...]]


def forms(texts: object) -> tuple[str, ...]:
    """The forms of a text, of which gettext's tools give one bare and several in a row."""
    if isinstance(texts, str):
        return (texts,)
    assert isinstance(texts, (list, tuple))
    return tuple(texts)


def catalogue(language: str) -> dict[Text, tuple[str, ...]]:
    """Every text of a language's catalogue with its translation, none of them only guessed."""
    with (DESK / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        found = [message for message in read_po(file, locale=language) if message.id]
    assert not [message.id for message in found if message.fuzzy]
    return {(message.context, forms(message.id)): forms(message.string) for message in found}


def marked(path: Path) -> Iterator[Text]:
    """The texts that a file marks for translation."""
    source = path.read_text("utf-8")
    if path.suffix == ".html":
        # What Django makes of a template is no whole Python: it may not be indented.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    for _, texts, _, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        yield context, forms(texts)


@cache
def all_marked() -> dict[Text, str]:
    """Every text that the desk's code and templates mark, and a file where it stands."""
    files = [*DESK.rglob("*.py"), *DESK.rglob("*.html")]
    return {text: path.name for path in files for text in marked(path)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_compiled(language: str) -> None:
    with (DESK / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for (context, said), told in catalogue(language).items():
        assert len(told) == len(said), said
        for one, other in zip(said, told, strict=True):
            assert other, f"{one!r} is not translated"
            assert sorted(PLACEHOLDER.findall(one)) == sorted(PLACEHOLDER.findall(other)), one
        assert told == compiled_forms(compiled, context, said), (
            "run: python manage.py compilemessages"
        )


def compiled_forms(
    compiled: gettext.GNUTranslations, context: str | None, said: tuple[str, ...]
) -> tuple[str, ...]:
    """What a compiled catalogue makes of a text: of 1, then of 2, where it has a plural."""
    if len(said) == 2:
        assert context is None, "no plural has a context yet"
        return tuple(compiled.ngettext(*said, number) for number in (1, 2))
    return (compiled.gettext(*said) if context is None else compiled.pgettext(context, *said),)


def test_texts_are_found_in_code_and_in_blocks_of_templates() -> None:
    found = all_marked()
    assert found[None, ("The answer is on its way.",)] == "request_actions.py"
    assert found[None, ("passed on by %(name)s",)] in {"live_queue.html", "talk_thread.html"}
    assert found[None, ("%(n)s message", "%(n)s messages")] == "request_record.html"
    assert found["state of a request", ("sent",)] == "requests.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_marked_text_is_in_the_catalogue(language: str) -> None:
    known = catalogue(language)
    missing = [f"{place}: {text}" for text, place in all_marked().items() if text not in known]
    assert not missing, f"add them to desk/locale/{language}/LC_MESSAGES/django.po"


@pytest.mark.parametrize(
    ("language", "country", "tongue", "topic", "asked_last"),
    [
        ("de", "Äthiopien", "Kurdisch", "Wohnen", "Wie viel Geld"),
        ("fr", "Éthiopie", "kurde", "Logement", "Combien d'argent"),
        ("it", "Etiopia", "curdo", "Alloggio", "Quanti soldi"),
    ],
)
def test_names_come_in_the_language_of_the_desk(
    language: str, country: str, tongue: str, topic: str, asked_last: str
) -> None:
    with translation.override(language):
        assert country_name("ET") == country
        assert language_name("ku") == tongue
        assert topic_name("housing") == topic
        # What a conversation was last about is what the person asked the assistant.
        assert topic_name("ask_amount") == asked_last


@pytest.mark.parametrize(
    ("language", "day"), [("de", "3. März 2026"), ("fr", "3 mars 2026"), ("it", "3 marzo 2026")]
)
def test_dates_are_written_as_in_switzerland(language: str, day: str) -> None:
    moment = datetime(2026, 3, 3, 17, 5)
    with translation.override(language):
        assert date_format(moment, "DATE_FORMAT") == day
        assert date_format(moment, "SHORT_DATE_FORMAT") == "03.03.2026"
        assert date_format(moment, "SHORT_DATETIME_FORMAT") == "03.03.2026 17:05"


def test_no_template_writes_a_date_in_a_way_of_its_own() -> None:
    """Only a format that each language has in its own way, or one that machines read."""
    named = {"DATE_FORMAT", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT", "D", "c", "Y-m-d"}
    found = {
        (path.name, how)
        for path in DESK.rglob("*.html")
        for how in re.findall(r"""\|date:["']([^"']+)""", path.read_text("utf-8"))
    }
    assert {(name, how) for name, how in found if how not in named} == set()


@pytest.mark.parametrize(
    ("language", "log_out"), [("de", "Abmelden"), ("fr", "Quitter"), ("it", "Uscire")]
)
def test_the_desk_can_be_switched_to_each_language(
    language: str, log_out: str, jonas: Any, log_in: LogIn
) -> None:
    client = log_in(jonas)
    client.post(reverse("desk-language"), {"language": language})
    page = client.get(reverse("console")).content.decode()
    assert f'<html lang="{language}"' in page
    assert log_out in page
    assert f'value="{language}" lang="{language}" aria-current="true"' in page
    for code, _ in settings.LANGUAGES:
        assert f'name="language" value="{code}"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_has_not_chosen_is_spoken_to_as_the_browser_asks(language: str, db: None) -> None:
    page = Client().get(reverse("login"), headers={"accept-language": f"{language}-CH"})
    assert f'<html lang="{language}"' in page.content.decode()
