"""Which requests a list shows: read from the address, written back into addresses.

Everything that narrows the list is a parameter of its address, so a list can be kept as a view,
sent to a colleague and reloaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from desk import search
from desk.console.names import country_names, language_name, topic_name, topic_names
from desk.models import InformationRequest
from wegweiser.texts import all_languages

State = InformationRequest.State

TABS: dict[str, str | Promise] = {
    "waiting": _("Waiting"),
    "mine": _("Mine"),
    "team": _("My team"),
    "all": _("All open"),
    "closed": _("Done"),
}
HOSTS = ("CH", "DE")
COLUMNS = {
    "language": "language",
    "host": "host_country",
    "country": "country",
    "topic": "topic",
    "state": "state",
    "by": "taken_by",
    "team": "team",
}
"""Parameter of the address to column of the table."""


@dataclass(frozen=True)
class Filters:
    """What a list shows; an empty value narrows nothing."""

    show: str = "waiting"
    q: str = ""
    language: str = ""
    host: str = ""
    country: str = ""
    topic: str = ""
    state: str = ""
    by: int | None = None
    team: int | None = None
    overdue: bool = False
    changed: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the tab is chosen."""
        return any(getattr(self, one.name) for one in fields(self) if one.name != "show")

    @property
    def is_closed(self) -> bool:
        return self.show == "closed"

    def query(self, **changes: Any) -> str:
        """The parameters of this list's address, with changes; empty ones are left out."""
        chosen = asdict(self) | changes
        return urlencode([(name, _written(one)) for name, one in chosen.items() if one])

    def narrow(self, found: QuerySet[InformationRequest]) -> QuerySet[InformationRequest]:
        """Of these requests, those that fit. Tab and news are the list's own to decide."""
        for name, column in COLUMNS.items():
            value = getattr(self, name)
            if value:
                found = found.filter(**{column: value})
        if self.overdue:
            # By state, which is what closed_at says, too: with it the numbers come from one index.
            is_open = InformationRequest.OPEN_STATES
            found = found.filter(promised_on__lt=timezone.localdate(), state__in=is_open)
        if self.q:
            found = search.narrow(found, search.parse(self.q, country_names(), topic_names()))
        return found


def _written(value: Any) -> str:
    return "1" if value is True else str(value)


class OneOf(forms.CharField):
    """One of several values, or none. Django's own field copies all of them for each form: with
    every country in it, that took longer than finding the requests.
    """

    offered: Mapping[str, str] = {}

    def validate(self, value: str) -> None:
        if value and value not in self.offered:
            raise forms.ValidationError("not offered")

    @property
    def choices(self) -> list[tuple[str, str]]:
        """For the page: (value, name), the first for none."""
        return [("", gettext("all")), *self.offered.items()]


class FilterForm(forms.Form):
    """The boxes above the list; each may stay empty."""

    show = OneOf(required=False)
    q = forms.CharField(label=_("Search"), max_length=200, required=False)
    language = OneOf(label=_("Language"), required=False)
    host = OneOf(label=_("Lives in"), required=False)
    country = OneOf(label=_("Country"), required=False)
    topic = OneOf(label=_("Topic"), required=False)
    state = OneOf(label=_("State"), required=False)
    by = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    team = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    overdue = forms.BooleanField(label=_("overdue"), required=False)
    changed = forms.BooleanField(label=_("new or changed"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        is_closed = data.get("show") == "closed"
        for name, offered in _offered(get_language() or "en", is_closed).items():
            field = self.fields[name]
            assert isinstance(field, OneOf)
            field.offered = offered

    def boxes(self) -> list[forms.BoundField]:
        """The fields to choose one of several from."""
        return [self[name] for name in ("language", "host", "country", "topic", "state")]

    def ticks(self) -> list[forms.BoundField]:
        """The fields that are on or off."""
        return [self["overdue"], self["changed"]]

    def clean_q(self) -> str:
        typed = str(self.cleaned_data["q"])
        if typed and not search.parse(typed, {}, {}):
            raise forms.ValidationError(gettext("Type a word of at least two letters."))
        return typed


@lru_cache(maxsize=16)
def _offered(language: str, is_closed: bool) -> dict[str, dict[str, str]]:
    """What each box offers, with the names in a language of the desk."""
    with override(language):
        countries = country_names()
        states = InformationRequest.DONE_STATES if is_closed else InformationRequest.OPEN_STATES
        return {
            "show": {name: str(title) for name, title in TABS.items()},
            "language": {one.code: language_name(one.code) for one in all_languages()},
            "host": {code: countries[code] for code in HOSTS},
            "country": countries,
            "topic": topic_names(),
            "state": {one.value: str(one.label) for one in states},
        }


def read(parameters: Mapping[str, Any]) -> tuple[Filters, FilterForm, str]:
    """The filters in an address, their form, and what could not be used, as a sentence."""
    form = FilterForm(parameters)
    problem = ""
    if not form.is_valid():
        if "q" in form.errors:
            problem = str(form.errors["q"][0])
        else:
            names = ", ".join(str(form.fields[name].label or name) for name in form.errors)
            problem = gettext("The list can't be narrowed by this, it was left out: %(names)s") % {
                "names": names
            }
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    return Filters(**chosen), form, problem


def words_for(filters: Filters) -> str:
    """A name for a list as somebody would say it; what is proposed when a view is kept."""
    said = [
        str(TABS[filters.show]),
        filters.q,
        language_name(filters.language),
        country_names().get(filters.host, ""),
        country_names().get(filters.country, ""),
        topic_name(filters.topic) if filters.topic else "",
        str(State(filters.state).label) if filters.state else "",
        gettext("overdue") if filters.overdue else "",
        gettext("new or changed") if filters.changed else "",
    ]
    return " · ".join(filter(None, said))[:60]
