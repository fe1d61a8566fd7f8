"""Addresses of accounts and teams, below ``/desk/``.

allauth's views under our addresses; of its pages only those are here that a desk without e-mail
needs. The names are allauth's own where its code asks for them; ``login`` and ``logout`` are ours.
"""

from __future__ import annotations

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.usersessions import views as session_views
from django.contrib.auth.views import LogoutView
from django.urls import path

from desk.console import account_pages, accounts, team_pages
from desk.console.access import own_account

own, admin, teams = "account/", "accounts/", "teams/"

urlpatterns = [
    path("login", account_views.login, name="login"),
    path("login", account_views.login, name="account_login"),
    path("login/code", mfa_views.authenticate, name="mfa_authenticate"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("logout", LogoutView.as_view(), name="account_logout"),
    path("set-password/<uidb64>/<token>", accounts.SetPassword.as_view(), name="set-password"),
    path("language", accounts.language, name="desk-language"),
    path(own, accounts.page, name="own-account"),
    path(own, accounts.page, name="mfa_index"),
    path(
        f"{own}password",
        own_account(account_views.password_change),
        name="account_change_password",
    ),
    path(f"{own}confirm", own_account(account_views.reauthenticate), name="account_reauthenticate"),
    path(f"{own}confirm-code", own_account(mfa_views.reauthenticate), name="mfa_reauthenticate"),
    path(f"{own}second-factor", own_account(totp_views.activate_totp), name="mfa_activate_totp"),
    path(
        f"{own}second-factor/remove",
        own_account(totp_views.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        f"{own}codes",
        own_account(recovery_views.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        f"{own}codes/new",
        own_account(recovery_views.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(f"{own}log-ins", own_account(session_views.list_usersessions), name="usersessions_list"),
    path(admin, account_pages.listing, name="accounts"),
    path(f"{admin}new", account_pages.invite, name="account-new"),
    path(f"{admin}<int:pk>/", account_pages.page, name="account"),
    path(f"{admin}<int:pk>/link", account_pages.link, name="account-link"),
    path(f"{admin}<int:pk>/log-out", account_pages.log_out, name="account-log-out"),
    path(
        f"{admin}<int:pk>/second-factor",
        account_pages.remove_second_factor,
        name="account-second-factor",
    ),
    path(f"{admin}<int:pk>/switch", account_pages.switch, name="account-switch"),
    path(f"{teams}new", team_pages.new, name="team-new"),
    path(f"{teams}<int:pk>/", team_pages.page, name="team"),
    path(f"{teams}<int:pk>/dissolve", team_pages.dissolve, name="team-dissolve"),
]
