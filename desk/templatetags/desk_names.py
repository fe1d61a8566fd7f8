"""Template filters: codes as words, and the direction of a text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, Select
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from desk.console import names
from desk.models import Counsellor, RequestEvent

register = template.Library()

register.filter("topic", names.topic_name)
register.filter("country", names.country_name)
register.filter("language", names.language_name)


@register.filter
def colleague(counsellor: Counsellor | None) -> str:
    """``{{ request.taken_by|colleague }}``"""
    return names.colleague_name(counsellor)


@register.filter
def at(found: Mapping[Any, Any], key: object) -> Any:
    """``{{ places|at:one.pk }}``: what a mapping holds for a key, else nothing."""
    return found.get(key)


@register.filter
def styled(field: BoundField) -> str:
    """``{{ field|styled }}``: a field of somebody else's form in Bootstrap's clothes."""
    is_select = isinstance(field.field.widget, Select)
    return field.as_widget(attrs={"class": "form-select" if is_select else "form-control"})


@register.filter
def direction(code: str) -> str:
    """``dir="{{ request.language|direction }}"``"""
    return {True: "rtl", False: "ltr", None: "auto"}[names.writes_rtl(code)]


@register.filter
def written(event: RequestEvent) -> str:
    """``{{ event|written }}``: the text of a line of the timeline; a day that was set, in words."""
    if event.kind == RequestEvent.Kind.PROMISED:
        return date_format(date.fromisoformat(event.text), "DATE_FORMAT")
    return event.text


@register.filter
def waited(since: datetime) -> str:
    """How long somebody has been waiting, in one unit: a list is read at a glance."""
    minutes = int((timezone.now() - since).total_seconds() // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
