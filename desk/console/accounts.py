"""Logging in, and the language of the desk; Django's own views do the work."""

from __future__ import annotations

from django.conf import settings as django_settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from desk.models import Counsellor


class Login(LoginView):
    """The log-in page; afterwards the desk speaks the counsellor's language."""

    template_name = "desk/console/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        user = self.request.user
        if isinstance(user, Counsellor):
            _speak(response, user.language)
        return response


class Logout(LogoutView):
    """POST only, as Django has it."""


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch between the languages of the desk; kept with the account of whoever is logged in."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("console")
    response = redirect(back)
    code = request.POST.get("language", "")
    if code in dict(django_settings.LANGUAGES):
        _speak(response, code)
        if isinstance(request.user, Counsellor):
            Counsellor.objects.filter(pk=request.user.pk).update(language=code)
    return response


def _speak(response: HttpResponseBase, code: str) -> None:
    response.set_cookie(
        django_settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 86_400,
        secure=django_settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
