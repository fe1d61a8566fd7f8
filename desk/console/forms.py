"""What counsellors type. Every form that sends carries a key: pressed twice, it sends once."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.casework import MAX_ANSWER
from desk.chat.limits import MAX_CHARACTERS
from desk.models import InformationRequest

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
