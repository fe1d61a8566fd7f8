"""What an administrator types about accounts and teams."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings as django_settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from desk.accounts import AccountFacts
from desk.console.names import colleague_name
from desk.models import Counsellor, Team
from desk.office_hours import OfficeHours, OfficeHoursError
from desk.roles import ROLES

TEXT = {"class": "form-control"}
SELECT = {"class": "form-select"}


class _Members(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, one: Counsellor) -> str:
        return colleague_name(one)


class AccountForm(forms.Form):
    first_name = forms.CharField(
        label=_("First name"), max_length=150, required=False, widget=forms.TextInput(TEXT)
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, required=False, widget=forms.TextInput(TEXT)
    )
    language = forms.ChoiceField(
        label=_("Language of the desk"),
        choices=django_settings.LANGUAGES,
        widget=forms.Select(SELECT),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.name, role.title) for role in ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("Without a team: the work of all teams."),
    )

    @property
    def facts(self) -> AccountFacts:
        """What was decided; only of a valid form."""
        given = self.cleaned_data
        return AccountFacts(
            first_name=given["first_name"],
            last_name=given["last_name"],
            language=given["language"],
            roles=tuple(given["roles"]),
            teams=tuple(given["teams"]),
        )


class InvitationForm(AccountForm):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput({**TEXT, "autocomplete": "off", "autocapitalize": "none"}),
    )
    field_order = ("username",)

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        if Counsellor.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("There is an account with this name already."))
        return name


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    """A team and who is in it."""

    members = _Members(
        label=_("Members"),
        queryset=Counsellor.objects.filter(is_active=True).order_by("first_name", "username"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )

    class Meta:
        model = Team
        fields = ("name", "host_country", "hours")
        widgets = {
            "name": forms.TextInput(TEXT),
            "host_country": forms.Select(SELECT),
            "hours": forms.TextInput({**TEXT, "placeholder": "Mon-Fri 09:00-17:00"}),
        }
        help_texts = {
            "host_country": _("Empty: for both countries."),
            "hours": _("Empty: the hours of the desk. Public holidays are closed by themselves."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["members"].initial = self.instance.members.all()

    def clean_hours(self) -> str:
        hours = str(self.cleaned_data["hours"]).strip()
        if hours:
            try:
                OfficeHours.parse(hours, ZoneInfo("UTC"))
            except OfficeHoursError:
                raise forms.ValidationError(
                    _("Not understood. Write for example: Mon-Fri 09:00-17:00; Sat 10:00-12:00")
                ) from None
        return hours
