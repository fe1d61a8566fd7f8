"""Logging in: what allauth asks of us. Its own code checks passwords, codes and how often.

No e-mail server is assumed: nobody signs up, and whoever lost password or phone asks an
administrator (``desk.accounts``).
"""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from desk import roles
from desk.models import Counsellor
from wegweiser import encryption
from wegweiser.settings import settings


class LoginForm(AllauthLoginForm):
    """User name and password."""

    def add_prefix(self, field_name: str) -> str:
        # On the page it is "username": the name that password managers know.
        return "username" if field_name == "login" else field_name


class AccountAdapter(DefaultAccountAdapter):
    """Log-in at the desk."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """An account that is switched off looks like a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The page that somebody's work begins with."""
        return first_page(cast(Counsellor, request.user))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponseBase:
        """Afterwards the desk speaks the counsellor's language."""
        response = cast(HttpResponseBase, super().post_login(request, user, **kwargs))
        speak(response, user.language)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    """Codes from an app on the phone, and recovery codes on paper."""

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not settings().second_factor_required


def first_page(counsellor: Counsellor) -> str:
    """Where somebody lands who logged in without having asked for a page."""
    if counsellor.has_perm(roles.WORK_REQUESTS) or counsellor.has_perm(roles.WORK_CONVERSATIONS):
        return reverse("console")
    if counsellor.has_perm(roles.MANAGE_ACCOUNTS):
        return reverse("accounts")
    return reverse("own-account")


def has_second_factor(counsellor: Counsellor) -> bool:
    """Whether log-in asks this account for a code."""
    totp = Authenticator.objects.filter(user_id=counsellor.pk, type=Authenticator.Type.TOTP)
    return bool(totp.exists())


def lacks_second_factor(counsellor: Counsellor) -> bool:
    """Whether somebody has to set one up before anything else."""
    return settings().second_factor_required and not has_second_factor(counsellor)


def speak(response: HttpResponseBase, code: str) -> None:
    """Keep the language of the desk in this browser."""
    response.set_cookie(
        django_settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 86_400,
        secure=django_settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
