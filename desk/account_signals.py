"""What people do with their own account, written into the desk's log as allauth tells it."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed

from desk.models import Counsellor, DeskEvent


def log_own_account() -> None:
    """Begin to listen; once, when Django is ready."""
    user_logged_in.connect(_logged_in, dispatch_uid="desk.logged_in")
    password_changed.connect(_password_changed, dispatch_uid="desk.password_changed")
    authenticator_added.connect(_second_factor_added, dispatch_uid="desk.factor_added")
    authenticator_removed.connect(_second_factor_removed, dispatch_uid="desk.factor_removed")


def _logged_in(user: Counsellor, **_: Any) -> None:
    write(DeskEvent.Kind.LOGGED_IN, user)


def _password_changed(user: Counsellor, **_: Any) -> None:
    write(DeskEvent.Kind.PASSWORD_SET, user)


def _second_factor_added(user: Counsellor, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        write(DeskEvent.Kind.SECOND_FACTOR_ON, user)


def _second_factor_removed(user: Counsellor, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        write(DeskEvent.Kind.SECOND_FACTOR_OFF, user)


def write(kind: DeskEvent.Kind, counsellor: Counsellor) -> None:
    """Somebody did this with their own account."""
    DeskEvent.objects.create(kind=kind, counsellor=counsellor, account=counsellor)
