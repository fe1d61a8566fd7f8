"""Who may do what: every address of the desk, for every role and for nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from desk import roles
from tests.desk.conftest import account, asked, talk, team
from tests.files import a_kept_file
from wegweiser.pictures import steps_name

pytestmark = pytest.mark.django_db

REQUESTS, TALKS, BOTH = "requests", "talks", "requests or talks"
MOVE, LOG, FIGURES = "moving requests", "the log", "the figures"
CANNED, CANNED_TOO = "canned answers", "requests or canned answers"
APPROVE, ARCHIVE = "approving", "the archive"
ACCOUNTS, TEAMS = "accounts", "teams"
OWN, ANYBODY = "somebody with an account", "anybody"
GET, POST = "get", "post"

# Every address of the desk: (method, what one needs). A new one fails the test until it is here.
VIEWS = {
    "home": (GET, ANYBODY),
    "health": (GET, ANYBODY),
    "chat": (GET, ANYBODY),
    "chat-start": (POST, ANYBODY),
    "chat-send": (POST, ANYBODY),
    "chat-messages": (GET, ANYBODY),
    "chat-arrived": (POST, ANYBODY),
    "chat-typing": (POST, ANYBODY),
    "chat-language": (POST, ANYBODY),
    "chat-events": (GET, ANYBODY),
    "chat-picture": (GET, ANYBODY),
    "login": (GET, ANYBODY),
    "account_login": (GET, ANYBODY),
    "mfa_authenticate": (GET, ANYBODY),
    "set-password": (GET, ANYBODY),
    "logout": (POST, ANYBODY),
    "account_logout": (POST, ANYBODY),
    "desk-language": (POST, ANYBODY),
    "own-account": (GET, OWN),
    "mfa_index": (GET, OWN),
    "account_change_password": (GET, OWN),
    "account_reauthenticate": (GET, OWN),
    "mfa_reauthenticate": (GET, OWN),
    "mfa_activate_totp": (GET, OWN),
    "mfa_deactivate_totp": (GET, OWN),
    "mfa_view_recovery_codes": (GET, OWN),
    "mfa_generate_recovery_codes": (GET, OWN),
    "usersessions_list": (GET, OWN),
    "accounts": (GET, ACCOUNTS),
    "account-new": (GET, ACCOUNTS),
    "account": (GET, ACCOUNTS),
    "account-link": (POST, ACCOUNTS),
    "account-log-out": (POST, ACCOUNTS),
    "account-second-factor": (POST, ACCOUNTS),
    "account-switch": (POST, ACCOUNTS),
    "team-new": (GET, TEAMS),
    "team": (GET, TEAMS),
    "team-dissolve": (POST, TEAMS),
    "console": (GET, BOTH),
    "worklist": (GET, BOTH),
    "list-looked": (POST, REQUESTS),
    "list-settings": (POST, BOTH),
    "view-save": (POST, REQUESTS),
    "view-delete": (POST, REQUESTS),
    "move": (POST, MOVE),
    "move-targets": (GET, MOVE),
    "workload": (GET, MOVE),
    "dashboard": (GET, FIGURES),
    "dashboard-file": (GET, FIGURES),
    "desk-log": (GET, LOG),
    "console-events": (GET, BOTH),
    "file": (GET, BOTH),
    "request": (GET, REQUESTS),
    "request-record": (GET, REQUESTS),
    "request-take": (POST, REQUESTS),
    "request-release": (POST, REQUESTS),
    "request-state": (POST, REQUESTS),
    "request-answer": (POST, REQUESTS),
    "request-decline": (POST, REQUESTS),
    "request-close": (POST, REQUESTS),
    "request-reopen": (POST, REQUESTS),
    "request-note": (POST, REQUESTS),
    "request-check": (POST, REQUESTS),
    "request-undo": (POST, REQUESTS),
    "request-resend": (POST, REQUESTS),
    "request-promise": (POST, REQUESTS),
    "request-delay": (POST, REQUESTS),
    "request-draft": (POST, REQUESTS),
    "request-translate": (POST, REQUESTS),
    "request-right": (POST, REQUESTS),
    "request-preview": (POST, REQUESTS),
    "request-insert": (GET, REQUESTS),
    "request-question": (POST, REQUESTS),
    "request-looking": (POST, REQUESTS),
    "request-leave": (POST, REQUESTS),
    "request-sheet": (GET, REQUESTS),
    "canned-answers": (GET, CANNED_TOO),
    "canned-new": (GET, CANNED),
    "canned-edit": (GET, CANNED),
    "canned-delete": (POST, CANNED),
    "request-archive": (GET, REQUESTS),
    "request-near": (GET, REQUESTS),
    "archive": (GET, ARCHIVE),
    "archived-answer": (GET, ARCHIVE),
    "archived-approve": (POST, APPROVE),
    "archived-discard": (POST, ARCHIVE),
    "archived-retire": (POST, APPROVE),
    "satisfaction": (GET, REQUESTS),
    "conversation": (GET, TALKS),
    "conversation-thread": (GET, TALKS),
    "conversation-take-over": (POST, TALKS),
    "conversation-write": (POST, TALKS),
    "conversation-hand-back": (POST, TALKS),
    "conversation-pass-on": (POST, TALKS),
    "conversation-typing": (POST, TALKS),
    "conversation-seen": (POST, TALKS),
}
WORK = {REQUESTS, TALKS, BOTH, CANNED_TOO, ARCHIVE, OWN, ANYBODY}
OPEN_TO = {
    "counsellor": WORK,
    "supervisor": WORK | {MOVE, LOG, FIGURES, CANNED, APPROVE},
    "content_editor": {FIGURES, CANNED, CANNED_TOO, ARCHIVE, APPROVE, OWN, ANYBODY},
    "administrator": {ACCOUNTS, TEAMS, OWN, ANYBODY},
    "no role": {OWN, ANYBODY},
    "nobody": {ANYBODY},
}


def addresses(patterns: Any = None) -> Iterator[URLPattern]:
    """Every address that the desk answers, whatever file it is named in."""
    for one in patterns or get_resolver().url_patterns:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from addresses(one.url_patterns)


def test_every_address_of_the_desk_is_in_this_table() -> None:
    assert {pattern.name for pattern in addresses()} == set(VIEWS)


def test_every_role_is_in_this_table() -> None:
    assert {role.name for role in roles.ROLES} | {"no role", "nobody"} == set(OPEN_TO)


def test_every_view_says_which_permission_it_needs() -> None:
    silent = {
        pattern.name for pattern in addresses() if not hasattr(pattern.callback, "permissions")
    }
    assert silent == {name for name, (_, needs) in VIEWS.items() if needs == ANYBODY}


def _address(name: str, person: Any = None) -> str:
    if name == "file":
        return reverse(name, kwargs={"file_id": a_kept_file(asked()).pk})
    if name == "chat-picture":
        return reverse(name, kwargs={"name": steps_name("en")})
    if name == "view-delete":
        from desk.models import SavedView

        kept = SavedView.objects.create(counsellor=person or account("other"), name="kept")
        return reverse(name, kwargs={"pk": kept.pk})
    if name in ("canned-edit", "canned-delete"):
        from desk.models import CannedAnswer

        return reverse(name, args=[CannedAnswer.objects.create(title="Opening hours").pk])
    if name.startswith("archived"):
        from desk.models import ArchivedAnswer, Counsellor

        # The proposal of whoever asks, if anybody: only their own may everybody discard.
        mine = Counsellor.objects.filter(username="somebody").first()
        own = mine if name == "archived-discard" else None
        made = ArchivedAnswer.objects.create(
            topic="housing", valid_as_of=timezone.localdate(), proposed_by=own
        )
        return reverse(name, args=[made.pk])
    if name == "request-insert":
        return f"{reverse(name, args=[asked().reference])}?programme=ch.rif"
    if name == "request-resend":
        from desk.models import Message

        request = asked()
        row = Message.objects.create(
            conversation=request.conversation, key="k", direction="out", request=request
        )
        return reverse(name, args=[request.reference, row.pk])
    if name.startswith("request"):
        return reverse(name, kwargs={"reference": asked().reference})
    if name.startswith("conversation"):
        waiting = talk(waiting_since=timezone.now())
        return reverse(name, kwargs={"conversation_id": waiting.pk})
    if name.startswith("account") and "_" not in name and name not in ("accounts", "account-new"):
        return reverse(name, kwargs={"pk": account("else", "counsellor").pk})
    if name in ("team", "team-dissolve"):
        return reverse(name, kwargs={"pk": team("Bern").pk})
    if name == "set-password":
        return reverse(name, kwargs={"uidb64": "MQ", "token": "abc"})
    return reverse(name)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("who", OPEN_TO)
def test_matrix(who: str, view: str, log_in: Callable[[Any], Client]) -> None:
    method, needed = VIEWS[view]
    person = None
    if who != "nobody":
        person = account("somebody", *(() if who == "no role" else (who,)))
    response = getattr(log_in(person), method)(_address(view, person))
    if needed in OPEN_TO[who]:
        # 404: no codes or second factor of one's own yet.
        allowed = (200, 204, 302, 400, 409, *((404,) if needed == OWN else ()))
        assert response.status_code in allowed, response.status_code
        assert "/desk/login?" not in response.headers.get("Location", "")
    elif who == "nobody" and view == "console-events":
        assert response.status_code == 204
    elif who == "nobody":
        assert response.headers["Location"].startswith("/desk/login?next=")
    else:
        assert response.status_code == 403


def test_what_allauth_could_do_besides_has_no_address() -> None:
    """Nobody signs up, and nothing waits for an e-mail that is never sent."""
    from django.urls import NoReverseMatch

    for name in ("account_signup", "account_email", "account_reset_password", "account_inactive"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_roles_are_written_again_as_the_table_says(db: None) -> None:
    from django.contrib.auth.models import Group

    Group.objects.get(name="counsellor").permissions.clear()
    roles.write_roles()
    codes = Group.objects.get(name="counsellor").permissions.values_list("codename", flat=True)
    assert {f"desk.{code}" for code in codes} == set(roles.ROLES[0].permissions)


def test_each_role_lands_where_its_work_is(db: None) -> None:
    from desk.sign_in import first_page

    landings = {
        role.name: first_page(account(role.name, role.name)).removeprefix("/desk/")
        for role in roles.ROLES
    }
    assert landings == {
        "counsellor": "",
        "supervisor": "",
        "content_editor": "account/",
        "administrator": "accounts/",
    }


def test_a_piece_of_a_page_sends_the_whole_page_to_the_login(
    log_in: Callable[[Any], Client], db: None
) -> None:
    response = log_in(None).get(reverse("worklist"), headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/desk/login"
