"""An administrator's pages: accounts, their roles and teams, links, log-ins."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk import accounts
from desk.accounts import LastAdministrator, accounts_for
from desk.console.access import counsellor_of, needs
from desk.console.account_forms import AccountForm, InvitationForm
from desk.models import Counsellor, Team
from desk.roles import MANAGE_ACCOUNTS, ROLES, roles_of


@require_GET
@needs(MANAGE_ACCOUNTS)
def listing(request: HttpRequest) -> HttpResponse:
    """Every account, with its roles and teams."""
    found = accounts_for(counsellor_of(request)).prefetch_related("groups", "teams")
    protected = set(
        Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True)
    )
    rows = [
        {
            "account": one,
            "roles": roles_of(group.name for group in one.groups.all()),
            "second_factor": one.pk in protected,
            "invited": not one.has_usable_password(),
        }
        for one in found.order_by("-is_active", "first_name", "username")
    ]
    context = {"rows": rows, "teams": Team.objects.prefetch_related("members")}
    return render(request, "desk/console/accounts.html", context)


@require_http_methods(["GET", "POST"])
@needs(MANAGE_ACCOUNTS)
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account; the answer shows its one-time link, this once."""
    form = InvitationForm(request.POST or None, initial={"roles": [ROLES[0].name]})
    if not form.is_valid():
        status = 400 if form.is_bound else 200
        return render(request, "desk/console/account_new.html", {"form": form}, status=status)
    administrator = counsellor_of(request)
    account = accounts.do_invite(administrator, form.cleaned_data["username"], form.facts)
    return _show(request, account, link=accounts.do_make_link(administrator, account))


@require_http_methods(["GET", "POST"])
@needs(MANAGE_ACCOUNTS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One account; POST changes name, language, roles and teams."""
    account = _account(request, pk)
    if request.method == "GET":
        return _show(request, account)
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _show(request, account, form=form, status=400)
    return _done(
        request,
        account,
        lambda: accounts.do_change(counsellor_of(request), account, form.facts),
        _("Saved."),
    )


@require_POST
@needs(MANAGE_ACCOUNTS)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link to set a password; the answer shows it, this once."""
    account = _account(request, pk)
    if account == counsellor_of(request) or not account.is_active:
        raise PermissionDenied  # one's own is changed on one's own page
    return _show(request, account, link=accounts.do_make_link(counsellor_of(request), account))


@require_POST
@needs(MANAGE_ACCOUNTS)
def log_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Log the account out everywhere."""
    account = _account(request, pk)
    ended = accounts.do_log_out(counsellor_of(request), account)
    told = ngettext("Logged out at %(n)d place.", "Logged out at %(n)d places.", ended)
    messages.success(request, told % {"n": ended})
    return redirect("account", pk=account.pk)


@require_POST
@needs(MANAGE_ACCOUNTS)
def remove_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """The phone with the second factor is lost."""
    account = _account(request, pk)
    return _done(
        request,
        account,
        lambda: accounts.do_remove_second_factor(counsellor_of(request), account),
        _("The second factor is removed. The password alone logs in now."),
    )


@require_POST
@needs(MANAGE_ACCOUNTS)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch the account off, or on again."""
    account, administrator = _account(request, pk), counsellor_of(request)
    if request.POST.get("active") == "yes":
        return _done(
            request,
            account,
            lambda: accounts.do_switch_on(administrator, account),
            _("The account is on again."),
        )
    return _done(
        request,
        account,
        lambda: accounts.do_switch_off(administrator, account),
        _("The account is off. Nobody can log in to it."),
    )


def _account(request: HttpRequest, pk: int) -> Counsellor:
    return get_object_or_404(accounts_for(counsellor_of(request)), pk=pk)


def _done(
    request: HttpRequest, account: Counsellor, action: Callable[[], object], told: str
) -> HttpResponse:
    try:
        action()
    except LastAdministrator:
        problem = _(
            "This is the last account that can look after accounts. Give somebody else the role "
            "administrator first."
        )
        return _show(request, account, problem=problem, status=409)
    messages.success(request, told)
    return redirect("account", pk=account.pk)


def _show(
    request: HttpRequest,
    account: Counsellor,
    *,
    form: AccountForm | None = None,
    link: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    account = Counsellor.objects.get(pk=account.pk)
    form = form or AccountForm(
        initial={
            "first_name": account.first_name,
            "last_name": account.last_name,
            "language": account.language,
            "roles": list(account.groups.values_list("name", flat=True)),
            "teams": account.teams.all(),
        }
    )
    context = {
        "account": account,
        "form": form,
        "link": link,
        "problem": problem,
        "is_self": account == request.user,
        "second_factor": Authenticator.objects.filter(user=account).exists(),
        "sessions": len(UserSession.objects.purge_and_list(account)),
    }
    return render(request, "desk/console/account.html", context, status=status)
