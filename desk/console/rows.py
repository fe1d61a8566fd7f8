"""The lines of the work list.

The same fifty lines are shown to everybody, again and again: each is made once. A line is kept
under everything that stands in it, so a change makes another one and nothing old is ever shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from desk.console.names import (
    Words,
    colleague_name,
    country_name,
    language_name,
    short_date,
    topic_name,
)
from desk.console.news import News
from desk.models import InformationRequest

KEPT = 4_000
"""Lines; some two kilobytes each."""


@dataclass(frozen=True)
class Row:
    """What stands in a line, in words."""

    pk: int
    reference: str
    is_open: bool
    is_overdue: bool
    promised_on: date
    promised: str
    news: str
    state: str
    language: str
    host: str
    country: str
    topic: str
    taken_by: str
    team: str


def rows(
    requests: Sequence[InformationRequest], news: Mapping[int, News], *, may_move: bool
) -> list[SafeString]:
    """The lines of these requests in the language that is active; with a box to tick, or not."""
    say, today, language = Words(), timezone.localdate(), get_language()
    return [_line(_row(one, news.get(one.pk), say, today), may_move, language) for one in requests]


def _row(one: InformationRequest, news: News | None, say: Words, today: date) -> Row:
    return Row(
        pk=one.pk,
        reference=one.reference,
        is_open=one.is_open,
        is_overdue=one.is_open and one.promised_on < today,
        promised_on=one.promised_on,
        promised=say(short_date, one.promised_on),
        news="" if news is None else gettext("new") if news.is_new else str(news.what),
        state=say(_state, one.state),
        language=say(language_name, one.language),
        host=say(country_name, one.host_country),
        country=say(country_name, one.country),
        topic=say(topic_name, one.topic),
        taken_by=colleague_name(one.taken_by),
        team=one.team.name if one.team else "",
    )


@lru_cache(maxsize=KEPT)
def _line(row: Row, may_move: bool, language: str | None) -> SafeString:
    return render_to_string("desk/console/worklist_row.html", {"row": row, "may_move": may_move})


def _state(code: str) -> str:
    return str(InformationRequest.State(code).label)
