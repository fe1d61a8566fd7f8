"""One's own account: what it is, its second factor, where one is logged in; the desk's language."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from desk.account_signals import write
from desk.accounts import link_tokens
from desk.console.access import counsellor_of, own_account
from desk.models import Counsellor, DeskEvent
from desk.roles import roles_of
from desk.sign_in import lacks_second_factor, speak


@require_GET
@own_account
def page(request: HttpRequest) -> HttpResponse:
    """The page "Your account"."""
    counsellor = counsellor_of(request)
    factors = {one.type: one for one in Authenticator.objects.filter(user=counsellor)}
    codes = factors.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "roles": roles_of(counsellor.groups.values_list("name", flat=True)),
        "teams": counsellor.teams.all(),
        "second_factor": factors.get(Authenticator.Type.TOTP),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "must_set_up": lacks_second_factor(counsellor),
        "sessions": UserSession.objects.purge_and_list(counsellor),
    }
    return render(request, "desk/console/own_account.html", context)


class SetPassword(PasswordResetConfirmView):
    """Behind a link from an administrator: the owner of the account sets a password.

    Django takes the token out of the address before it shows the form, so that it does not stay
    in the browser's history. Nobody is logged in by it: a second factor is asked for as always.
    """

    template_name = "desk/console/set_password.html"
    token_generator = link_tokens
    success_url = reverse_lazy("login")

    def get_user(self, uidb64: str) -> Counsellor | None:
        user = super().get_user(uidb64)
        return user if isinstance(user, Counsellor) and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        write(DeskEvent.Kind.PASSWORD_SET, form.user)
        speak(response, form.user.language)
        messages.success(
            self.request,
            _("Your password is set. Log in as %(name)s.") % {"name": form.user.get_username()},
        )
        return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch between the languages of the desk; kept with the account of whoever is logged in."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("console")
    response = redirect(back)
    code = request.POST.get("language", "")
    if code in dict(django_settings.LANGUAGES):
        speak(response, code)
        if isinstance(request.user, Counsellor):
            Counsellor.objects.filter(pk=request.user.pk).update(language=code)
    return response
