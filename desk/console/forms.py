"""What counsellors type. Every form that sends carries a key: pressed twice, it sends once."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.casework import MAX_ANSWER
from desk.chat.limits import MAX_CHARACTERS
from desk.console.names import colleague_name
from desk.console.receivers import Receivers
from desk.models import Counsellor, InformationRequest, Team

State = InformationRequest.State


def new_key() -> str:
    """A key for one sending."""
    return str(uuid.uuid4())


class SendingForm(forms.Form):
    """A form that writes to a person."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)

    @property
    def message_key(self) -> str:
        """The unique key of the message that this form makes."""
        return f"desk:{self.cleaned_data['key']}"


class AnswerForm(SendingForm):
    text = forms.CharField(
        label=_("Answer to the person"),
        max_length=MAX_ANSWER,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "class": "form-control"}),
    )


class DeclineForm(SendingForm):
    reason = forms.ChoiceField(
        label=_("Why it can't be answered this way"),
        choices=InformationRequest.Reason.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class WriteForm(SendingForm):
    text = forms.CharField(
        label=_("Message to the person"),
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea(
            attrs={"rows": 2, "dir": "auto", "class": "form-control", "autocomplete": "off"}
        ),
    )


class PassOnForm(forms.Form):
    """To whom a live conversation goes: ``counsellor:5`` or ``team:3``."""

    to = forms.ChoiceField(
        label=_("Pass on to"), widget=forms.Select(attrs={"class": "form-select form-select-sm"})
    )

    def __init__(self, receivers: Receivers, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by_value: dict[str, Counsellor | Team] = {
            f"counsellor:{one.pk}": one for one in receivers.colleagues
        } | {f"team:{one.pk}": one for one in receivers.teams}
        field = cast(forms.ChoiceField, self.fields["to"])
        field.choices = [
            ("", "—"),
            (_("Teams"), [(f"team:{one.pk}", one.name) for one in receivers.teams]),
            (
                _("Colleagues"),
                [(f"counsellor:{one.pk}", colleague_name(one)) for one in receivers.colleagues],
            ),
        ]

    @property
    def receiver(self) -> Counsellor | Team:
        """Who was chosen; only of a valid form."""
        return self._by_value[self.cleaned_data["to"]]


class HandBackForm(forms.Form):
    summary = forms.CharField(
        label=_("A last line to the person, in their language (may stay empty)"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "class": "form-control"}),
    )


class StateForm(forms.Form):
    state = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (State.TAKEN, State.WITH_COUNTRY_OFFICE)]
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Internal note"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "class": "form-control"}),
    )
