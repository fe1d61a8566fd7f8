"""Accounts: the one place where an administrator's actions on them are written.

Each ``do_*`` is one transaction with a line in the desk's log; ids and codes, never a secret.
Somebody who leaves is switched off, not deleted: their name stays beside what they did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from desk import roles
from desk.models import Counsellor, DeskEvent, Team
from desk.teams import free_the_work_of_empty_teams
from wegweiser.settings import settings

Kind = DeskEvent.Kind


class LastAdministrator(Exception):
    """Without this account nobody could look after accounts any more."""


class LinkTokens(PasswordResetTokenGenerator):
    """Signs the links of invitations and of new passwords.

    A link ends after ``PASSWORD_RESET_TIMEOUT`` (72 hours), when it was used, and when a newer one
    was made (both change the stored password). While the account is off it opens nothing.
    """

    key_salt = "desk.accounts.LinkTokens"


link_tokens = LinkTokens()


@dataclass(frozen=True)
class AccountFacts:
    """What an administrator decides about an account."""

    first_name: str
    last_name: str
    language: str
    roles: tuple[str, ...]
    """Names of rows in ``desk.roles.ROLES``."""
    teams: tuple[Team, ...]


def accounts_for(administrator: Counsellor) -> QuerySet[Counsellor]:
    """The accounts that somebody may look after.

    An account that may do more than roles allow (a superuser's) is its owner's alone: whoever
    could set its password could become it.
    """
    if not administrator.has_perm(roles.MANAGE_ACCOUNTS):
        return Counsellor.objects.none()
    return Counsellor.objects.filter(Q(is_superuser=False) | Q(pk=administrator.pk))


def do_invite(administrator: Counsellor, username: str, facts: AccountFacts) -> Counsellor:
    """Make an account that nobody can log in to until its link was used (``do_make_link``)."""
    with transaction.atomic():
        account = Counsellor.objects.create_user(username, password=None)
        _write(account, facts)
        _log(Kind.INVITED, administrator, account, _codes(facts))
    return account


def do_make_link(administrator: Counsellor, account: Counsellor) -> str:
    """A link with which the account's owner sets a password, once, within 72 hours.

    The old password, older links and every log-in end at once. The link is shown to the
    administrator, who hands it over by their own means, and kept nowhere.
    """
    with transaction.atomic():
        account = _locked(account)
        account.set_unusable_password()
        account.save(update_fields=["password"])
        _end_sessions(account)
        _log(Kind.LINK_MADE, administrator, account)
    path = reverse(
        "set-password",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(account.pk)),
            "token": link_tokens.make_token(account),
        },
    )
    return f"{settings().desk_url}{path}"


def do_change(administrator: Counsellor, account: Counsellor, facts: AccountFacts) -> Counsellor:
    """Change name, language, roles and teams.

    Raises:
        LastAdministrator: nobody else could give the role back.
    """
    with transaction.atomic():
        administrators = _locked_administrators()
        account = _locked(account)
        if roles.ADMINISTRATOR not in facts.roles and administrators == {account.pk}:
            raise LastAdministrator
        _write(account, facts)
        free_the_work_of_empty_teams()
        _log(Kind.ACCOUNT_CHANGED, administrator, account, _codes(facts))
    return account


def do_switch_off(administrator: Counsellor, account: Counsellor) -> None:
    """Nobody can log in to the account any more; whoever is logged in is logged out.

    Raises:
        LastAdministrator: nobody else could switch it on again.
    """
    with transaction.atomic():
        administrators = _locked_administrators()
        account = _locked(account)
        if not account.is_active:
            return
        if administrators == {account.pk}:
            raise LastAdministrator
        account.is_active = False
        account.save(update_fields=["is_active"])
        _end_sessions(account)
        free_the_work_of_empty_teams()
        _log(Kind.ACCOUNT_OFF, administrator, account)


def do_switch_on(administrator: Counsellor, account: Counsellor) -> None:
    """The account can be logged in to again, with the password that it had."""
    with transaction.atomic():
        account = _locked(account)
        if account.is_active:
            return
        account.is_active = True
        account.save(update_fields=["is_active"])
        _log(Kind.ACCOUNT_ON, administrator, account)


def do_log_out(administrator: Counsellor, account: Counsellor) -> int:
    """Log somebody out everywhere; returns at how many places."""
    with transaction.atomic():
        ended = _end_sessions(_locked(account))
        _log(Kind.LOGGED_OUT, administrator, account)
    return ended


def do_remove_second_factor(administrator: Counsellor, account: Counsellor) -> None:
    """The phone is lost: from now on the password alone logs in, until a new one is set up.

    Whoever is logged in is logged out: it may be somebody who found the phone.
    """
    with transaction.atomic():
        account = _locked(account)
        removed, _ = Authenticator.objects.filter(user=account).delete()
        if not removed:
            return
        _end_sessions(account)
        _log(Kind.SECOND_FACTOR_OFF, administrator, account)


def _locked_administrators() -> set[int]:
    """Ids of all who can log in and give roles.

    All of them are locked, before any other account and in one order: so two can neither take the
    role from each other at the same moment nor wait for each other.
    """
    able = Counsellor.objects.select_for_update(of=("self",)).filter(
        Q(groups__name=roles.ADMINISTRATOR) | Q(is_superuser=True), is_active=True
    )
    return {one.pk for one in able.order_by("pk")}


def _locked(account: Counsellor) -> Counsellor:
    return Counsellor.objects.select_for_update().get(pk=account.pk)


def _write(account: Counsellor, facts: AccountFacts) -> None:
    account.first_name, account.last_name = facts.first_name, facts.last_name
    account.language = facts.language
    account.save(update_fields=["first_name", "last_name", "language"])
    # Groups that are no role of the table are left alone.
    others = account.groups.exclude(name__in=[role.name for role in roles.ROLES])
    account.groups.set([*others, *Group.objects.filter(name__in=facts.roles)])
    account.teams.set(facts.teams)


def _end_sessions(account: Counsellor) -> int:
    sessions: Iterable[UserSession] = list(UserSession.objects.filter(user=account))
    get_adapter().end_sessions(sessions)
    return len(list(sessions))


def _codes(facts: AccountFacts) -> str:
    teams = ",".join(str(team.pk) for team in facts.teams)
    return f"roles={','.join(sorted(facts.roles))} teams={teams}"[:200]


def _log(kind: Kind, by: Counsellor, account: Counsellor, detail: str = "") -> None:
    DeskEvent.objects.create(kind=kind, counsellor=by, account=account, detail=detail)
