"""What counsellors type. Every form that sends carries a key: pressed twice, it sends once."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.answering import MAX_ANSWER, Seen
from desk.chat.limits import MAX_CHARACTERS
from desk.console.names import colleague_name
from desk.console.receivers import Receivers
from desk.drafts import MAX_TRANSLATION, Written
from desk.models import Counsellor, InformationRequest, Team
from wegweiser.messages import messages_of

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


def _box(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", "class": "form-control"})


class DraftForm(forms.Form):
    """The composer, as it stands: it may be empty, and it may be too long as yet."""

    version = forms.IntegerField(min_value=0, required=False)
    source = forms.CharField(max_length=MAX_TRANSLATION, required=False, strip=False)
    source_language = forms.CharField(max_length=8, required=False)
    text = forms.CharField(max_length=MAX_TRANSLATION, required=False, strip=False)

    def written(self, *, by_machine: bool | None = None) -> Written:
        """What is in the composer; only of a valid form."""
        return Written(
            version=self.cleaned_data["version"] or 0,
            text=_lines(self.cleaned_data["text"]),
            source=_lines(self.cleaned_data["source"]),
            source_language=self.cleaned_data["source_language"],
            by_machine=by_machine,
        )


def _lines(text: str) -> str:
    # A browser sends line ends as CR LF.
    return text.replace("\r\n", "\n").strip()


class AnswerForm(SendingForm):
    """The composer, about to be sent: the same boxes, and what the counsellor has seen."""

    text = forms.CharField(label=_("Answer to the person"), max_length=MAX_ANSWER, widget=_box(9))
    source = forms.CharField(
        label=_("Your text"), max_length=MAX_TRANSLATION, required=False, widget=_box(9)
    )
    version = forms.IntegerField(min_value=0, required=False)
    seen = forms.IntegerField(min_value=0, required=False)

    def clean_text(self) -> str:
        text = _lines(self.cleaned_data["text"])
        if not messages_of(text):
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text

    @property
    def has_seen(self) -> Seen | None:
        """What stood on the page; None for a form that does not say."""
        seen = self.cleaned_data["seen"]
        return None if seen is None else Seen(seen, self.cleaned_data["version"])


class DeclineForm(SendingForm):
    reason = forms.ChoiceField(
        label=_("Why it can't be answered this way"),
        choices=InformationRequest.Reason.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class PromiseForm(SendingForm):
    promised_on = forms.DateField(
        label=_("New date"),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class TranslationForm(forms.Form):
    """The question in a language of the desk."""

    text = forms.CharField(label=_("Translation"), max_length=MAX_TRANSLATION, widget=_box(4))


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
        choices=[
            (one.value, one.label)
            for one in (State.TAKEN, State.WITH_COUNTRY_OFFICE, State.ANSWER_RECEIVED)
        ]
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Internal note"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "class": "form-control"}),
    )
